import { isIPv6 } from 'node:net';
import type { Config } from '../../config/config.ts';

/** Where a command on this machine reaches the server with these settings. */
export function serverUrl({ host, port, tls }: Pick<Config, 'host' | 'port' | 'tls'>): string {
  const reachable = LOOPBACK_OF[host] ?? host;
  const name = isIPv6(reachable) ? `[${reachable}]` : reachable;
  return `${tls === null ? 'http' : 'https'}://${name}:${port}`;
}

/** A server that listens on all addresses listens on these. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
