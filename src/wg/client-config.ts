/** What a client needs to know to reach the server. */
export interface ClientConfig {
  readonly privateKey: string;
  readonly addresses: readonly string[];
  /** Empty: the client keeps its own. */
  readonly dns: readonly string[];
  readonly serverPublicKey: string;
  readonly presharedKey: string;
  /** Where the server is reached, as host:port. */
  readonly endpoint: string;
  /** What the client sends into the tunnel. */
  readonly allowedIps: readonly string[];
}

/** Keeps the way through a client's NAT open; the interval that WireGuard's own manual names. */
const PERSISTENT_KEEPALIVE_SECONDS = 25;

/**
 * Of a peer's allowed IPs those that are its own addresses. What lies behind it is not: a client that took
 * a whole network for its own would answer for all of it.
 */
export function ownAddresses(allowedIps: readonly string[]): string[] {
  return allowedIps.filter((prefix) => prefix.endsWith(prefix.includes(':') ? '/128' : '/32'));
}

/** The configuration file of a client, as wg-quick and the apps read it. */
export function clientConfigText(config: ClientConfig): string {
  const { dns } = config;
  return [
    '[Interface]',
    `PrivateKey = ${config.privateKey}`,
    `Address = ${config.addresses.join(', ')}`,
    ...(dns.length > 0 ? [`DNS = ${dns.join(', ')}`] : []),
    '',
    '[Peer]',
    `PublicKey = ${config.serverPublicKey}`,
    `PresharedKey = ${config.presharedKey}`,
    `AllowedIPs = ${config.allowedIps.join(', ')}`,
    `Endpoint = ${config.endpoint}`,
    `PersistentKeepalive = ${PERSISTENT_KEEPALIVE_SECONDS}`,
    '',
  ].join('\n');
}
