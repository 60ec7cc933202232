import ipaddr from 'ipaddr.js';
import type { Text } from './errors.ts';

/** The address that clients connect to. */
export interface Endpoint {
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  /** null: the port that the interface listens on. */
  readonly port: number | null;
}

const LABEL = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;

/** Parses an endpoint, or returns what is wrong with it. */
export function parseEndpoint(text: string): Endpoint | Text {
  if (/^\w+:\/\//.test(text)) return URL_GIVEN;
  if (ipaddr.IPv6.isValid(text)) {
    return {
      en: `is an IPv6 address without brackets; write [${text}] or [${text}]:51820`,
      zh: `是没有方括号的 IPv6 地址；请写成 [${text}] 或 [${text}]:51820`,
    };
  }
  const match = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const [, host = '', port] = match ?? [];
  if (match === null || !isHost(host)) return NOT_AN_ENDPOINT;
  const problem = reachProblem(host);
  if (problem !== null) return problem;
  const number = port === undefined ? null : Number(port);
  if (number !== null && (number < 1 || number > 65_535)) return BAD_PORT;
  return { host, port: number };
}

/** A name as DNS has them, or an address. */
export function isHost(host: string): boolean {
  if (host.startsWith('[')) return host.endsWith(']') && ipaddr.IPv6.isValid(host.slice(1, -1));
  // A name of digits only would be a mistyped address.
  if (/^[\d.]+$/.test(host)) return ipaddr.IPv4.isValidFourPartDecimal(host);
  return host.length <= 253 && host.split('.').every((label) => LABEL.test(label));
}

/** Why other machines cannot reach a server at this address; null if they may. */
function reachProblem(host: string): Text | null {
  if (/^(.*\.)?localhost$/i.test(host)) return NOWHERE;
  const address = host.replace(/^\[|\]$/g, '');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  if (NOWHERE_RANGES.has(parsed.range())) return NOWHERE;
  if (!ipaddr.IPv6.isValid(address)) return null;
  return parsed.kind() === 'ipv4' ? mapped(parsed.toString()) : null;
}

/** A link-local IPv6 address identifies a machine only together with an interface of the client. */
const NOWHERE_RANGES: ReadonlySet<string> = new Set([
  'unspecified',
  'loopback',
  'multicast',
  'broadcast',
  'linkLocal',
]);

/** WireGuard would send it as IPv6, and nothing would arrive. */
function mapped(address: string): Text {
  return {
    en: `is an IPv4-mapped IPv6 address; write ${address} or ${address}:51820`,
    zh: `是 IPv4 映射的 IPv6 地址；请写成 ${address} 或 ${address}:51820`,
  };
}

const URL_GIVEN: Text = {
  en: 'must be a host with an optional port, such as vpn.example:51820, not a URL',
  zh: '必须是主机名或地址，可带端口，例如 vpn.example:51820，不能是 URL',
};

const NOT_AN_ENDPOINT: Text = {
  en: 'must be the address that clients connect to: a host name, an IPv4 address or [an IPv6 address], with or without a port, such as vpn.example:51820',
  zh: '必须是客户端连接服务器的地址：域名、IPv4 地址或 [IPv6 地址]，可带端口，例如 vpn.example:51820',
};

const NOWHERE: Text = {
  en: "must be reachable from other machines; loopback, unspecified, link-local, multicast and broadcast addresses are not, so write the server's public name or address",
  zh: '必须能从其他机器访问；回环、未指定、链路本地、组播和广播地址不能，请填写服务器的公网域名或地址',
};

const BAD_PORT: Text = {
  en: 'must have a port from 1 to 65535',
  zh: '端口必须在 1 到 65535 之间',
};
