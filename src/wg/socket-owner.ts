import { readdir, readFile, readlink } from 'node:fs/promises';
import { orNull } from './system-files.ts';

/** Whether a process listens on the UNIX socket. */
export async function isListening(path: string): Promise<boolean> {
  return (await inodeOf(path)) !== null;
}

/**
 * The network device of the daemon that listens on a UNIX socket: what the daemon's open TUN device is
 * called now. null where that cannot be learnt: no daemon, no right to look into its process, or not
 * exactly one TUN device.
 */
export async function tunDeviceOf(socketPath: string): Promise<string | null> {
  const inode = await inodeOf(socketPath);
  if (inode === null) return null;
  for (const pid of await processIds()) {
    if (await holds(pid, `socket:[${inode}]`)) return onlyTunDevice(pid);
  }
  return null;
}

/** Of the listening socket; /proc/net/unix names it as it was bound, such as /run/… for /var/run/…. */
async function inodeOf(path: string): Promise<string | null> {
  const table = (await orNull(readFile('/proc/net/unix', 'utf8'))) ?? '';
  const tail = path.replace('/var', '');
  for (const line of table.split('\n')) {
    // Num RefCount Protocol Flags Type St Inode Path
    const [, , , flags, , , inode, bound] = line.trim().split(/\s+/);
    if (flags === LISTENING && bound?.endsWith(tail)) return inode ?? null;
  }
  return null;
}

/** __SO_ACCEPTCON of the kernel's socket flags. */
const LISTENING = '00010000';

async function processIds(): Promise<string[]> {
  return ((await orNull(readdir('/proc'))) ?? []).filter((name) => /^\d+$/.test(name));
}

async function holds(pid: string, target: string): Promise<boolean> {
  for (const descriptor of (await orNull(readdir(`/proc/${pid}/fd`))) ?? []) {
    if ((await orNull(readlink(`/proc/${pid}/fd/${descriptor}`))) === target) return true;
  }
  return false;
}

async function onlyTunDevice(pid: string): Promise<string | null> {
  const devices = new Set<string>();
  for (const descriptor of (await orNull(readdir(`/proc/${pid}/fdinfo`))) ?? []) {
    const info = await orNull(readFile(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'));
    const name = /^iff:\t(\S+)$/m.exec(info ?? '')?.[1];
    if (name !== undefined) devices.add(name);
  }
  const [device, ...others] = devices;
  return device !== undefined && others.length === 0 ? device : null;
}
