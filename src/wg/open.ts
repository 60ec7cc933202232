import { peerCommands } from './command/peers.ts';
import { systemNetworks } from './host-networks.ts';
import { createNftTable } from './nft/table.ts';
import { type SystemReaderOptions, systemReader } from './read/system-reader.ts';
import type { WireGuard } from './wireguard.ts';

/**
 * Opens this machine's WireGuard and nftables. The addresses are read once before it resolves, because a request may come
 * before the first poll.
 */
export async function openWireGuard(options: SystemReaderOptions): Promise<WireGuard> {
  const source = systemReader(options);
  const networks = systemNetworks();
  await networks.refresh(new AbortController().signal);
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
