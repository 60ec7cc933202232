import type { Generation } from '../../domain/wireguard/snapshot.ts';
import { type Tool, type WgTarget, wg } from '../command/wg.ts';
import { type DaemonSocket, daemonSockets } from './daemon-sockets.ts';
import { type Devices, listDevices } from './devices.ts';
import { hostGeneration, socketIdentity } from './generation.ts';

/** An interface that exists now. */
export interface FoundInterface {
  /** The name of its network device. */
  readonly name: string;
  /** How commands name it. */
  readonly target: WgTarget;
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
    const byName = new Map(sockets.map((socket) => [socket.device ?? socket.target.name, socket]));
    const inKernel = await kernelTools(devices, signal);
    const candidates =
      only.length > 0 ? only : [...new Set([...byName.keys(), ...inKernel.keys()])].sort();
    const host = hostGeneration();
    return candidates
      .filter((name) => devices.names.includes(name) || byName.has(name))
      .map((name) => found(name, byName.get(name), inKernel.get(name) ?? 'wg', host, devices));
  };
}

/** The interfaces of the kernel by name, with the command that speaks to each. */
async function kernelTools(
  devices: Devices,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Tool>> {
  const known = devices.kernelWireGuard();
  if (known !== null) return known;
  const ofWireGuard = await wg(['show', 'interfaces'], signal);
  // Most machines have no AmneziaWG and so no such command.
  const ofAmnezia = await wg(['show', 'interfaces'], signal, 'awg').catch(() => '');
  const named = (listed: string, tool: Tool) =>
    listed
      .split(/\s+/)
      .filter((name) => devices.names.includes(name))
      .map((name) => [name, tool] as const);
  return new Map([...named(ofWireGuard, 'wg'), ...named(ofAmnezia, 'awg')]);
}

function found(
  name: string,
  socket: DaemonSocket | undefined,
  kernelTool: Tool,
  host: Generation,
  devices: Devices,
): FoundInterface {
  return {
    name,
    target: socket?.target ?? { tool: kernelTool, name },
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
