import type { ReadSnapshot } from '../domain/wireguard/snapshot.ts';
import { type PeerCommands, peerCommands } from './command/peers.ts';
import { type HostNetworks, systemNetworks } from './host-networks.ts';
import { createTrafficControl, type TrafficControl } from './nft/table.ts';
import { type SystemSourceOptions, systemSource } from './read/system-reader.ts';

/** All that is asked of WireGuard and done to it: the machine's, a simulated one, or a test's. */
export interface WireGuard {
  readonly read: ReadSnapshot;
  readonly commands: PeerCommands;
  readonly control: TrafficControl;
  readonly hostNetworks: HostNetworks;
}

/** This machine's WireGuard and nftables. */
export function systemWireGuard(options: SystemSourceOptions): WireGuard {
  const source = systemSource(options);
  const networks = systemNetworks();
  return {
    read: async (stop) => {
      const [snapshot] = await Promise.all([source.read(stop), networks.refresh(stop)]);
      return snapshot;
    },
    commands: peerCommands(source.wgNameOf),
    control: createTrafficControl(),
    hostNetworks: networks,
  };
}
