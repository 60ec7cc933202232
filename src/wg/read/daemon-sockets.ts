import { readdirSync } from 'node:fs';
import type { Tool, WgTarget } from '../command/wg.ts';
import type { Devices } from './devices.ts';
import { socketIdentity } from './generation.ts';
import { isListening, tunDeviceOf } from './socket-owner.ts';
import { orNullIfAbsent } from './system-files.ts';

/** Where daemons have their sockets, by the command that looks for them there. */
const SOCKET_FOLDERS: readonly (readonly [tool: Tool, folder: string])[] = [
  ['wg', '/var/run/wireguard'],
  ['awg', '/var/run/amneziawg'],
];

/** The socket of a userspace daemon. It keeps its name when its network device is renamed. */
export interface DaemonSocket {
  /** How commands name the interface: as the socket's file. */
  readonly target: WgTarget;
  readonly path: string;
  /**
   * The name of its network device; null if a daemon listens and its device, whose name differs from that of
   * the socket, cannot be determined.
   */
  readonly device: string | null;
}

/** The current name of a device whose index is known; undefined if it is gone. */
async function nameOfKnown(
  index: string,
  wgName: string,
  devices: Devices,
  signal: AbortSignal,
): Promise<string | undefined> {
  const hasDevice = devices.names.includes(wgName);
  if (hasDevice && (await devices.indexOf(wgName, signal)) === index) return wgName;
  return (await devices.nameOf(index, signal)) ?? undefined;
}

/**
 * Finds the sockets of daemons and the devices they belong to. A socket without a daemon and without a device
 * was left by a killed daemon and is not listed.
 */
export function daemonSockets(): (
  devices: Devices,
  signal: AbortSignal,
) => Promise<DaemonSocket[]> {
  /** Indexes of network devices, by the identity of the socket. */
  const indexes = new Map<string, string>();

  const deviceOf = async (
    wgName: string,
    path: string,
    devices: Devices,
    signal: AbortSignal,
  ): Promise<string | null | undefined> => {
    const identity = socketIdentity(path);
    if (identity === null) return undefined;
    const known = indexes.get(identity);
    if (known !== undefined) return nameOfKnown(known, wgName, devices, signal);
    const candidates = [await tunDeviceOf(path), wgName];
    const device = candidates.find((name) => name !== null && devices.names.includes(name)) ?? null;
    if (device === null) return isListening(path) ? null : undefined;
    const index = await devices.indexOf(device, signal);
    if (index !== null) indexes.set(identity, index);
    return device;
  };

  return async (devices, signal) => {
    const found: DaemonSocket[] = [];
    for (const [tool, folder] of SOCKET_FOLDERS) {
      const names = orNullIfAbsent(() => readdirSync(folder)) ?? [];
      for (const file of names.filter((name) => name.endsWith('.sock')).sort()) {
        const target = { tool, name: file.slice(0, -'.sock'.length) };
        const path = `${folder}/${file}`;
        const device = await deviceOf(target.name, path, devices, signal);
        if (device !== undefined) found.push({ target, path, device });
      }
    }
    return found;
  };
}
