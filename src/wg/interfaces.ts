import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Generation } from './reading.ts';
import { wg } from './wg-command.ts';

const SOCKET_FOLDER = '/var/run/wireguard';
const SYSFS = '/sys/class/net';

/** An interface that exists now. */
export interface FoundInterface {
  readonly name: string;
  /** The socket of its userspace daemon; null for an interface of the kernel. */
  readonly socketPath: string | null;
  /** Asks the system anew at each call. */
  readonly generation: () => Promise<Generation>;
}

/**
 * Lists the WireGuard interfaces of this network namespace, or those of `only` that exist. A socket
 * whose network device is gone is a leftover of a killed daemon, no interface.
 */
export async function findInterfaces(
  only: readonly string[],
  signal: AbortSignal,
): Promise<FoundInterface[]> {
  const devices = await listDevices();
  const sockets = await listSockets();
  const sysfs = await describesThisNamespace(devices);
  const kernelNames = async () =>
    sysfs
      ? filterAsync(devices, isKernelWireGuard)
      : (await wg(['show', 'interfaces'], signal)).split(/\s+/).filter((name) => name !== '');
  const candidates =
    only.length > 0 ? only : [...new Set([...sockets, ...(await kernelNames())])].sort();

  const host = await hostGeneration();
  return candidates
    .filter((name) => devices.includes(name))
    .map((name) => ({
      name,
      socketPath: sockets.includes(name) ? `${SOCKET_FOLDER}/${name}.sock` : null,
      generation: async () => ({
        ...host,
        ...(await deviceGeneration(name, sysfs, signal)),
        ...(await socketGeneration(name)),
      }),
    }));
}

/** The names of all network devices; /proc/net follows the namespace of the process. */
async function listDevices(): Promise<string[]> {
  const table = await readFile('/proc/net/dev', 'utf8');
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, line.lastIndexOf(':')).trim())
    .filter((name) => name !== '');
}

async function listSockets(): Promise<string[]> {
  const names = await orNull(readdir(SOCKET_FOLDER));
  return (names ?? []).filter((name) => name.endsWith('.sock')).map((name) => name.slice(0, -5));
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
  const uevent = await orNull(readFile(`${SYSFS}/${name}/uevent`, 'utf8'));
  return uevent?.includes('DEVTYPE=wireguard\n') ?? false;
}

/** Counters do not survive a reboot, and another network namespace has other interfaces. */
async function hostGeneration(): Promise<Generation> {
  const bootId = await orNull(readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = await orNull(readlink('/proc/self/ns/net'));
  return {
    ...(bootId !== null && { boot: bootId.trim() }),
    ...(namespace !== null && { netns: namespace }),
  };
}

async function deviceGeneration(
  name: string,
  sysfs: boolean,
  signal: AbortSignal,
): Promise<Generation> {
  const index = sysfs
    ? (await orNull(readFile(`${SYSFS}/${name}/ifindex`, 'utf8')))?.trim()
    : /^(\d+):/.exec(
        (await orNull(promisify(execFile)('ip', ['-o', 'link', 'show', 'dev', name], { signal })))
          ?.stdout ?? '',
      )?.[1];
  return index === undefined ? {} : { ifindex: index };
}

/**
 * A daemon that was started again has another socket. Its change time is no witness: a chown of the
 * socket, which gives a group access, moves it; the modification time stays at the creation.
 */
async function socketGeneration(name: string): Promise<Generation> {
  const socket = await orNull(stat(`${SOCKET_FOLDER}/${name}.sock`, { bigint: true }));
  return socket === null ? {} : { socket: `${socket.ino}:${socket.mtimeNs}` };
}

async function filterAsync(
  names: readonly string[],
  test: (name: string) => Promise<boolean>,
): Promise<string[]> {
  const kept = await Promise.all(names.map(test));
  return names.filter((_, index) => kept[index]);
}

/** The value, or null where the system refuses it or does not have it. */
async function orNull<T>(value: Promise<T>): Promise<T | null> {
  try {
    return await value;
  } catch {
    return null;
  }
}
