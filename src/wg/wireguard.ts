import type { ReadSnapshot } from '../domain/wireguard/snapshot.ts';
import type { PeerCommands } from './command/peers.ts';
import type { HostNetworks } from './host-networks.ts';
import type { NftTable } from './nft/table.ts';

/** The access to WireGuard: the machine's, a simulated one, or a test's. */
export interface WireGuard {
  readonly read: ReadSnapshot;
  readonly commands: PeerCommands;
  readonly nftTable: NftTable;
  readonly hostNetworks: HostNetworks;
}
