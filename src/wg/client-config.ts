/** The settings that a client needs to reach the server. */
export interface ClientConfig {
  readonly privateKey: string;
  readonly addresses: readonly string[];
  /** Empty: the client sets its own. */
  readonly dns: readonly string[];
  readonly serverPublicKey: string;
  readonly presharedKey: string;
  /** The address of the server, as host:port. */
  readonly endpoint: string;
  /** The prefixes that the client routes into the tunnel. */
  readonly allowedIps: readonly string[];
  /** null: the client chooses. */
  readonly mtu: number | null;
  /** Seconds between packets that keep the client's NAT mapping open; 0 means off. */
  readonly keepalive: number;
}

/**
 * Returns those of a peer's allowed IPs that are its own addresses, without the networks behind it: a client
 * that configured a whole network as its address would answer for all of it.
 */
export function ownAddresses(allowedIps: readonly string[]): string[] {
  return allowedIps.filter((prefix) => prefix.endsWith(prefix.includes(':') ? '/128' : '/32'));
}

/** The configuration file of a client, in the format of wg-quick and the apps. */
export function clientConfigText(config: ClientConfig): string {
  const { dns, keepalive, mtu } = config;
  return [
    '[Interface]',
    `PrivateKey = ${config.privateKey}`,
    `Address = ${config.addresses.join(', ')}`,
    ...(dns.length > 0 ? [`DNS = ${dns.join(', ')}`] : []),
    ...(mtu === null ? [] : [`MTU = ${mtu}`]),
    '',
    '[Peer]',
    `PublicKey = ${config.serverPublicKey}`,
    `PresharedKey = ${config.presharedKey}`,
    `AllowedIPs = ${config.allowedIps.join(', ')}`,
    `Endpoint = ${config.endpoint}`,
    ...(keepalive === 0 ? [] : [`PersistentKeepalive = ${keepalive}`]),
    '',
  ].join('\n');
}
