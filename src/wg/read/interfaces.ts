import type { Generation } from '../../domain/wireguard/snapshot.ts';
import { wg } from '../command/wg.ts';
import { type DaemonSocket, daemonSockets } from './daemon-sockets.ts';
import { type Devices, listDevices } from './devices.ts';
import { hostGeneration, socketIdentity } from './generation.ts';

/** An interface that exists now. */
export interface FoundInterface {
  /** The name of its network device. */
  readonly name: string;
  /** The name that `wg` uses: a different name if the device of a userspace daemon was renamed. */
  readonly wgName: string;
  /** The socket of its userspace daemon; null for an interface of the kernel. */
  readonly socketPath: string | null;
  /** Its daemon runs but its network device cannot be determined, so that nothing is known about it. */
  readonly hasLostDevice: boolean;
  /** Reads the system again at each call. */
  readonly generation: (signal: AbortSignal) => Promise<Generation>;
}

/**
 * Lists the WireGuard interfaces of this network namespace, or those of `only` that exist. Rejects if the
 * system cannot list them: a failed listing must not look like a removed interface.
 */
export function interfaceFinder(): (
  only: readonly string[],
  signal: AbortSignal,
) => Promise<FoundInterface[]> {
  const socketsOf = daemonSockets();
  return async (only, signal) => {
    const devices = listDevices();
    const sockets = await socketsOf(devices, signal);
    const byName = new Map(sockets.map((socket) => [socket.device ?? socket.wgName, socket]));
    const candidates =
      only.length > 0
        ? only
        : [...new Set([...byName.keys(), ...(await kernelNames(devices, signal))])].sort();
    const host = hostGeneration();
    return candidates
      .filter((name) => devices.names.includes(name) || byName.has(name))
      .map((name) => found(name, byName.get(name), host, devices));
  };
}

async function kernelNames(devices: Devices, signal: AbortSignal): Promise<readonly string[]> {
  const names = devices.kernelWireGuard();
  if (names !== null) return names;
  const listed = (await wg(['show', 'interfaces'], signal)).split(/\s+/);
  return listed.filter((name) => devices.names.includes(name));
}

function found(
  name: string,
  socket: DaemonSocket | undefined,
  host: Generation,
  devices: Devices,
): FoundInterface {
  return {
    name,
    wgName: socket?.wgName ?? name,
    socketPath: socket?.path ?? null,
    hasLostDevice: socket?.device === null,
    generation: async (signal) => {
      const index = await devices.indexOf(name, signal);
      const identity = socket === undefined ? null : socketIdentity(socket.path);
      return {
        ...host,
        ...(index !== null && { ifindex: index }),
        ...(identity !== null && { socket: identity }),
      };
    },
  };
}
