/**
 * Real WireGuard tunnels between hosts that are namespaces of this machine:
 *
 *     const network = await createNetwork();
 *     const server = await network.host('server');
 *     const wg0 = await server.addInterface({ addresses: ['10.8.0.1/24'] });
 *     …
 *     await network.close();
 */
export type { Dump, DumpPeer } from './tunnel/dump.ts';
export { Host, type PingOptions, type PingResult } from './tunnel/host.ts';
export { type InterfaceOptions, type PeerSettings, WgInterface } from './tunnel/interface.ts';
export { generateKeyPair, generatePresharedKey, type KeyPair, publicKeyOf } from './tunnel/keys.ts';
export type { SpawnOptions } from './tunnel/namespace.ts';
export {
  type ConnectOptions,
  connect,
  createNetwork,
  type HostOptions,
  Network,
  type NetworkOptions,
} from './tunnel/network.ts';
export { CommandError, type Output, type RunOptions } from './tunnel/process.ts';
export { type SendOptions, type SendResult, sendBytes } from './tunnel/send-bytes.ts';
export { describeTunnel, tunnelSupport } from './tunnel/support.ts';
export {
  type Received,
  startTraffic,
  type Traffic,
  type TrafficOptions,
} from './tunnel/traffic.ts';
export { type WaitOptions, waitFor } from './tunnel/wait.ts';
