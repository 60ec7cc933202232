import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { orNull } from './system-files.ts';

/** Whether a process listens on the UNIX socket. */
export function isListening(path: string): boolean {
  return inodeOf(path) !== null;
}

/**
 * The current name of the network device of the daemon that listens on a UNIX socket, read from its open TUN
 * device. null if it cannot be determined: no daemon, no permission to inspect its process, or not exactly
 * one TUN device.
 */
export async function tunDeviceOf(socketPath: string): Promise<string | null> {
  const inode = inodeOf(socketPath);
  if (inode === null) return null;
  for (const pid of processIds()) {
    // Processed one at a time, because there may be thousands of processes.
    await nextTurn();
    if (holds(pid, `socket:[${inode}]`)) return onlyTunDevice(pid);
  }
  return null;
}

/**
 * The inode of the listening socket; /proc/net/unix shows the path it was bound to, such as /run/… for
 * /var/run/….
 */
function inodeOf(path: string): string | null {
  const table = orNull(() => readFileSync('/proc/net/unix', 'utf8')) ?? '';
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

function processIds(): string[] {
  return (orNull(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
}

function holds(pid: string, target: string): boolean {
  const descriptors = orNull(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return descriptors.some(
    (descriptor) => orNull(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) === target,
  );
}

function onlyTunDevice(pid: string): string | null {
  const devices = new Set<string>();
  for (const descriptor of orNull(() => readdirSync(`/proc/${pid}/fdinfo`)) ?? []) {
    const info = orNull(() => readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'));
    const name = /^iff:\t(\S+)$/m.exec(info ?? '')?.[1];
    if (name !== undefined) devices.add(name);
  }
  const [device, ...others] = devices;
  return device !== undefined && others.length === 0 ? device : null;
}
