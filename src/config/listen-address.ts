import { isHost } from '../domain/endpoint.ts';
import { text } from './codecs.ts';

/** Where a server listens. */
export interface ListenAddress {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with IPv6 in brackets; null if unset. */
export const listenAddress = text('', {
  isGood: (value) => parseListenAddress(value) !== null,
  problem: (_, shown) => ({
    en: `must be an address and a port to listen on, such as 127.0.0.1:9586 or [::1]:9586, but is ${shown}`,
    zh: `必须是要监听的地址和端口，例如 127.0.0.1:9586 或 [::1]:9586，现在是 ${shown}`,
  }),
}).transform(parseListenAddress);

function parseListenAddress(value: string): ListenAddress | null {
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:[\]]+):(\d{1,5})$/.exec(value) ?? [];
  if (!isHost(host) || Number(port) > 65_535) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
