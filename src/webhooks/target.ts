import { lookup as lookUp } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Text } from '../domain/errors.ts';
import { type AllowPrivate, isPermitted, kindOfAddress } from '../domain/webhook/addresses.ts';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** The addresses of a host name. */
export type Resolve = (name: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = (name) => lookUp(name, { all: true, verbatim: true });

/** A receiver whose address is permitted. */
export interface Target {
  readonly url: URL;
  /** The connection is made to one of these, so that a second look-up cannot give another one. Never empty. */
  readonly addresses: readonly Address[];
}

/** What is wrong with a receiver. Its text never contains the path or the query of the URL. */
export class TargetError extends Error {
  override readonly name = 'TargetError';

  constructor(
    readonly text: Text,
    /** The name could not be resolved, which may be different later. */
    readonly isUnknown = false,
  ) {
    super(text.en);
  }
}

const MAX_URL_LENGTH = 2_048;

/** Parses the URL of a receiver. Throws a `TargetError`. */
export function parseReceiver(text: string): URL {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) throw new TargetError(NOT_A_URL);
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw new TargetError(NOT_A_URL);
  if (url.username !== '' || url.password !== '') throw new TargetError(CREDENTIALS);
  return url;
}

/** Looks up the address of a receiver once. Throws a `TargetError` if one of its addresses is not permitted. */
export async function resolveTarget(
  text: string,
  allowed: AllowPrivate,
  resolve: Resolve,
): Promise<Target> {
  const url = parseReceiver(text);
  const addresses = await addressesOf(url.hostname, resolve);
  const kinds = addresses.map(({ address }) => kindOfAddress(address));
  if (!kinds.every((kind) => isPermitted(kind, allowed))) throw new TargetError(NOT_PERMITTED);
  // On the way to a public address, anyone could read and change the message.
  if (url.protocol === 'http:' && kinds.includes('public')) throw new TargetError(NEEDS_HTTPS);
  if (addresses.length === 0) throw new TargetError(UNKNOWN_NAME, true);
  return { url, addresses };
}

async function addressesOf(hostname: string, resolve: Resolve): Promise<readonly Address[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  try {
    return await resolve(hostname);
  } catch {
    throw new TargetError(UNKNOWN_NAME, true);
  }
}

const NOT_A_URL: Text = {
  en: 'must be a URL such as https://example.com/hook, at most 2048 characters',
  zh: '必须是 URL，例如 https://example.com/hook，最多 2048 个字符',
};

const CREDENTIALS: Text = {
  en: 'must not contain a user name or password; the receiver recognizes messages by their signature',
  zh: '不能包含用户名或密码；接收方通过签名识别消息',
};

const NOT_PERMITTED: Text = {
  en: 'names an address that WGQL_WEBHOOK_ALLOW_PRIVATE does not permit: this machine, link-local addresses and the metadata services of clouds need "all", private networks "private"',
  zh: '所指的地址未被 WGQL_WEBHOOK_ALLOW_PRIVATE 允许：本机、链路本地地址和云元数据服务需要 "all"，私有网络需要 "private"',
};

const NEEDS_HTTPS: Text = {
  en: 'must begin with https://, because its address is public',
  zh: '必须以 https:// 开头，因为其地址是公网地址',
};

const UNKNOWN_NAME: Text = {
  en: 'has a host name that cannot be resolved',
  zh: '中的主机名无法解析',
};
