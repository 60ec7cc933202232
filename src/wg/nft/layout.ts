import type { RateLimit } from './rate-limit.ts';

/** The table that wgql owns; it changes no other table. */
export const TABLE = 'inet wgql';

/**
 * The type of address and of object in each map. `rx` is what clients send, as in WireGuard. A quota is one
 * object for both directions.
 */
export const MAPS = {
  rx4: { address: 'ipv4_addr', object: 'limit' },
  rx6: { address: 'ipv6_addr', object: 'limit' },
  tx4: { address: 'ipv4_addr', object: 'limit' },
  tx6: { address: 'ipv6_addr', object: 'limit' },
  quotaRx4: { address: 'ipv4_addr', object: 'quota' },
  quotaRx6: { address: 'ipv6_addr', object: 'quota' },
  quotaTx4: { address: 'ipv4_addr', object: 'quota' },
  quotaTx6: { address: 'ipv6_addr', object: 'quota' },
} as const;

export type MapName = keyof typeof MAPS;

export const MAP_NAMES = Object.keys(MAPS) as MapName[];

/**
 * The chains and their rules. A key begins with the address: the kernel compares keys field by field, and
 * if the first field were the interface, all entries would match it; with 10 000 users, a packet would then
 * take 75 µs instead of 1.5. Packets from clients are dropped before connection tracking, and packets to
 * clients are counted after all other rules. Limits precede quotas, so dropped bytes do not use up a quota.
 */
export const CHAINS = [
  {
    name: 'prerouting',
    priority: -300,
    rules: [
      { object: 'limit', key: 'ip saddr . iifname', map: 'rx4' },
      { object: 'limit', key: 'ip6 saddr . iifname', map: 'rx6' },
      { object: 'quota', key: 'ip saddr . iifname', map: 'quotaRx4' },
      { object: 'quota', key: 'ip6 saddr . iifname', map: 'quotaRx6' },
    ],
  },
  {
    name: 'postrouting',
    priority: 300,
    rules: [
      { object: 'limit', key: 'ip daddr . oifname', map: 'tx4' },
      { object: 'limit', key: 'ip6 daddr . oifname', map: 'tx6' },
      { object: 'quota', key: 'ip daddr . oifname', map: 'quotaTx4' },
      { object: 'quota', key: 'ip6 daddr . oifname', map: 'quotaTx6' },
    ],
  },
] as const;

/** The variable part of a table; the layout above is always the same. */
export interface TableContents {
  /** By object name. */
  readonly limits: ReadonlyMap<string, RateLimit>;
  /** The bytes that each object was created with, by object name. Never compared: see `quotaName`. */
  readonly quotas: ReadonlyMap<string, bigint>;
  /** Object names by map and key, in the notation of nft (`elementKey`). */
  readonly elements: Readonly<Record<MapName, ReadonlyMap<string, string>>>;
}

export function noElements(): Record<MapName, Map<string, string>> {
  return {
    rx4: new Map(),
    rx6: new Map(),
    tx4: new Map(),
    tx6: new Map(),
    quotaRx4: new Map(),
    quotaRx6: new Map(),
    quotaTx4: new Map(),
    quotaTx6: new Map(),
  };
}

export function isEmpty(contents: TableContents): boolean {
  return contents.limits.size === 0 && contents.quotas.size === 0;
}
