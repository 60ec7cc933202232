import { readdir, readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';
import { orNull, orNullIfAbsent } from './system-files.ts';

const SYSFS = '/sys/class/net';
const IP_MAX_MS = 5_000;

/** The network devices of this process's network namespace. */
export interface Devices {
  readonly names: readonly string[];
  /** Those that the kernel's WireGuard made; null where the system does not tell. */
  kernelWireGuard(): Promise<readonly string[] | null>;
  /** A device keeps its index when it is renamed; null where it cannot be learnt. */
  indexOf(name: string): Promise<string | null>;
  /** The name of the device with this index; null where there is none. */
  nameOf(index: string): Promise<string | null>;
}

/** Lists the devices as they are now. What is asked of them later is asked of the system again. */
export async function listDevices(signal: AbortSignal): Promise<Devices> {
  const names = await listNames();
  const isSysfsOurs = await describesThisNamespace(names);
  const indexOf = (name: string) => (isSysfsOurs ? sysfsIndex(name) : commandIndex(name, signal));
  return {
    names,
    kernelWireGuard: async () => (isSysfsOurs ? filterAsync(names, isKernelWireGuard) : null),
    indexOf,
    nameOf: async (index) => {
      for (const name of names) if ((await indexOf(name)) === index) return name;
      return null;
    },
  };
}

/** /proc/net follows the namespace of the process. */
async function listNames(): Promise<string[]> {
  const table = await readFile('/proc/net/dev', 'utf8');
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, line.lastIndexOf(':')).trim())
    .filter((name) => name !== '');
}

/** sysfs shows the network namespace in which it was mounted, which may be another one. */
async function describesThisNamespace(devices: readonly string[]): Promise<boolean> {
  const shown = await orNull(readdir(SYSFS));
  return (
    shown !== null &&
    devices.every((name) => shown.includes(name)) &&
    devices.length === shown.filter((name) => name !== 'bonding_masters').length
  );
}

async function isKernelWireGuard(name: string): Promise<boolean> {
  const uevent = await orNullIfAbsent(readFile(`${SYSFS}/${name}/uevent`, 'utf8'));
  return uevent?.includes('DEVTYPE=wireguard\n') ?? false;
}

async function sysfsIndex(name: string): Promise<string | null> {
  return (await orNull(readFile(`${SYSFS}/${name}/ifindex`, 'utf8')))?.trim() ?? null;
}

async function commandIndex(name: string, stop: AbortSignal): Promise<string | null> {
  const args = ['-o', 'link', 'show', 'dev', name];
  const output = await orNull(runCommand('ip', args, { stop, withinMs: IP_MAX_MS }));
  return /^(\d+):/.exec(output?.stdout ?? '')?.[1] ?? null;
}

async function filterAsync(
  names: readonly string[],
  test: (name: string) => Promise<boolean>,
): Promise<string[]> {
  const kept = await Promise.all(names.map(test));
  return names.filter((_, index) => kept[index]);
}
