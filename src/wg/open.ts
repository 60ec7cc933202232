import type { Clock } from '../domain/time/clock.ts';
import { peerCommands } from './command/peers.ts';
import { systemNetworks } from './host-networks.ts';
import { createNftTable } from './nft/table.ts';
import { type SystemReaderOptions, systemReader } from './read/system-reader.ts';
import { simulatedWireGuard } from './simulated.ts';
import type { WireGuard } from './wireguard.ts';

/** Opens a simulated fleet for a demo, otherwise this machine's WireGuard and nftables. */
export function openWireGuard(
  options: SystemReaderOptions & { readonly demo: boolean },
  clock: Clock,
): WireGuard {
  return options.demo ? simulatedWireGuard(clock) : systemWireGuard(options);
}

function systemWireGuard(options: SystemReaderOptions): WireGuard {
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
