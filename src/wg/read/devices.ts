import { readdirSync, readFileSync } from 'node:fs';
import { CommandError, runCommand } from '../command/run.ts';
import type { Tool } from '../command/wg.ts';
import { orNull, orNullIfAbsent } from './system-files.ts';

const SYSFS = '/sys/class/net';
const IP_MAX_MS = 5_000;

/** The network devices of this process's network namespace. */
export interface Devices {
  readonly names: readonly string[];
  /**
   * The devices created by the kernel's WireGuard or AmneziaWG, with the command that speaks to each; null if the
   * system does not provide them.
   */
  kernelWireGuard(): ReadonlyMap<string, Tool> | null;
  /** A device keeps its index when it is renamed; null if the index cannot be read. */
  indexOf(name: string, signal: AbortSignal): Promise<string | null>;
  /** The name of the device with this index; null if there is none. */
  nameOf(index: string, signal: AbortSignal): Promise<string | null>;
}

/** Lists the current devices. Each later call reads the system again. */
export function listDevices(): Devices {
  const names = listNames();
  const isSysfsOurs = describesThisNamespace(names);
  const indexOf = async (name: string, signal: AbortSignal) =>
    isSysfsOurs ? sysfsIndex(name) : commandIndex(name, signal);
  return {
    names,
    kernelWireGuard: () =>
      isSysfsOurs ? new Map(names.flatMap((name) => kernelDevice(name) ?? [])) : null,
    indexOf,
    nameOf: async (index, signal) => {
      for (const name of names) if ((await indexOf(name, signal)) === index) return name;
      return null;
    },
  };
}

/** /proc/net follows the namespace of the process. */
function listNames(): string[] {
  const table = readFileSync('/proc/net/dev', 'utf8');
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, line.lastIndexOf(':')).trim())
    .filter((name) => name !== '');
}

/** sysfs shows the network namespace in which it was mounted, which may be a different one. */
function describesThisNamespace(devices: readonly string[]): boolean {
  const shown = orNull(() => readdirSync(SYSFS));
  return (
    shown !== null &&
    devices.every((name) => shown.includes(name)) &&
    devices.length === shown.filter((name) => name !== 'bonding_masters').length
  );
}

const TOOLS: Readonly<Record<string, Tool>> = { wireguard: 'wg', amneziawg: 'awg' };

function kernelDevice(name: string): [[name: string, tool: Tool]] | null {
  const uevent = orNullIfAbsent(() => readFileSync(`${SYSFS}/${name}/uevent`, 'utf8'));
  const tool = TOOLS[/^DEVTYPE=(.*)$/m.exec(uevent ?? '')?.[1] ?? ''];
  return tool === undefined ? null : [[name, tool]];
}

function sysfsIndex(name: string): string | null {
  return orNull(() => readFileSync(`${SYSFS}/${name}/ifindex`, 'utf8'))?.trim() ?? null;
}

async function commandIndex(name: string, stop: AbortSignal): Promise<string | null> {
  const args = ['-o', 'link', 'show', 'dev', name];
  try {
    const { stdout } = await runCommand('ip', args, { stop, withinMs: IP_MAX_MS });
    return /^(\d+):/.exec(stdout)?.[1] ?? null;
  } catch (error) {
    // If the command is missing or the device is gone, there is no index; any other failure is thrown.
    const isAnswer =
      error instanceof CommandError && (error.failure === 'missing' || error.failure === 'failed');
    if (isAnswer) return null;
    throw error;
  }
}
