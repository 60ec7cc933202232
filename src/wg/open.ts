import { peerCommands } from './command/peers.ts';
import { systemNetworks } from './host-networks.ts';
import { createNftTable } from './nft/table.ts';
import { type SystemReaderOptions, systemReader } from './read/system-reader.ts';
import type { WireGuard } from './wireguard.ts';

/** Opens this machine's WireGuard and nftables. */
export function openWireGuard(options: SystemReaderOptions): WireGuard {
  const source = systemReader(options);
  const networks = systemNetworks();
  return {
    read: async (stop) => {
      const [snapshot] = await Promise.all([source.read(stop), networks.refresh(stop)]);
      return snapshot;
    },
    commands: peerCommands(source.targetOf),
    nftTable: createNftTable(),
    hostNetworks: networks,
  };
}
