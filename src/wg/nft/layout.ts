import type { RateLimit } from './rate-limit.ts';

/** wgql's own table; no other table is ever changed. */
export const TABLE = 'inet wgql';

/**
 * The maps, by the addresses and the kind of object they hold. `rx` is what clients send, as in
 * WireGuard. A quota is one object for both directions.
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
 * The chains and the rules in them. The address stands before the interface: in the kernel's search,
 * part by part, every entry passes a first part that all have in common, and a packet among 10 000
 * users takes 75 µs instead of 1.5. What a client sends is dropped before connection tracking sees
 * it, and what it gets is counted after everything else had its say. A limit stands before the
 * quota: bytes that it drops use up nothing.
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
  /** Bytes when the object was created, by object name. Stored but never compared: see `quotaName`. */
  readonly quotas: ReadonlyMap<string, bigint>;
  /** By map, then by key as nft reads it (`elementKey`); the value is an object name. */
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
