import type { AddressRange } from '../../domain/wireguard/prefix.ts';
import { CHAINS, MAP_NAMES, MAPS, type MapName, noElements, type TableContents } from './layout.ts';
import { elementKey, quoteInterface, userOfObject } from './names.ts';
import { knownRange } from './ranges.ts';
import type { RateLimit } from './rate-limit.ts';

type Address =
  | string
  | { readonly range: readonly [string, string] }
  | { readonly prefix: { readonly addr: string; readonly len: number } };

interface Listed {
  readonly limit?: {
    readonly name: string;
    readonly rate: number;
    readonly per: string;
    readonly rate_unit?: string;
    readonly burst?: number;
    readonly burst_unit?: string;
    readonly inv?: boolean;
  };
  readonly quota?: { readonly name: string; readonly bytes: number; readonly inv?: boolean };
  readonly map?: {
    readonly name: string;
    readonly map: string;
    readonly flags?: readonly string[];
    readonly elem?: readonly (readonly [{ readonly concat: readonly [Address, string] }, string])[];
  };
  readonly chain?: {
    readonly name: string;
    readonly hook?: string;
    readonly prio?: number;
    readonly policy?: string;
  };
  readonly rule?: { readonly chain: string; readonly expr: unknown };
}

const KNOWN = ['metainfo', 'table', 'limit', 'quota', 'map', 'chain', 'rule'];

const UNITS: Record<string, bigint> = {
  bytes: 1n,
  kbytes: 2n ** 10n,
  mbytes: 2n ** 20n,
  gbytes: 2n ** 30n,
};

/**
 * Parses the output of `nft -j list table` for wgql's table. Returns null if the layout differs, because
 * another program changed it or nft prints another format: the whole table is then replaced.
 */
export function parseListing(json: string): TableContents | null {
  try {
    return parse((JSON.parse(json) as { nftables: readonly Listed[] }).nftables);
  } catch {
    return null;
  }
}

function parse(listed: readonly Listed[]): TableContents | null {
  const draft: Draft = { limits: new Map(), quotas: new Map(), elements: noElements() };
  const maps = new Set<string>();
  for (const item of listed) {
    if (!Object.keys(item).every((kind) => KNOWN.includes(kind))) return null;
    if (!takeObjects(draft, item)) return null;
    if (item.map !== undefined) maps.add(item.map.name);
  }
  return maps.size === MAP_NAMES.length && hasOurRules(listed) ? draft : null;
}

interface Draft {
  readonly limits: Map<string, RateLimit>;
  readonly quotas: Map<string, bigint>;
  readonly elements: ReturnType<typeof noElements>;
}

/** Adds a listed item to the draft; false if it differs from the form that wgql writes. */
function takeObjects(draft: Draft, { limit, quota, map }: Listed): boolean {
  return (
    (limit === undefined || takeLimit(draft, limit)) &&
    (quota === undefined || takeQuota(draft, quota)) &&
    (map === undefined || takeMap(draft, map))
  );
}

function takeLimit({ limits }: Draft, limit: NonNullable<Listed['limit']>): boolean {
  if (userOfObject(limit.name) === null) return false;
  if (limit.inv !== true || limit.per !== 'second') return false;
  const rate = bytes(limit.rate, limit.rate_unit);
  limits.set(limit.name, { rate, burst: bytes(limit.burst, limit.burst_unit) });
  return true;
}

function takeQuota({ quotas }: Draft, quota: NonNullable<Listed['quota']>): boolean {
  if (userOfObject(quota.name) === null || quota.inv !== true) return false;
  quotas.set(quota.name, BigInt(quota.bytes));
  return true;
}

function takeMap({ elements }: Draft, map: NonNullable<Listed['map']>): boolean {
  if (!isMap(map.name) || map.map !== MAPS[map.name].object) return false;
  if (map.flags?.includes('interval') !== true) return false;
  const target = elements[map.name];
  for (const [{ concat }, object] of map.elem ?? []) {
    target.set(elementKey(listedRange(concat[0]), quoteInterface(concat[1])), object);
  }
  return true;
}

function isMap(name: string): name is MapName {
  return name in MAPS;
}

function bytes(count: number | undefined, unit: string | undefined): bigint {
  const factor = UNITS[unit ?? ''];
  if (count === undefined || factor === undefined) throw new RangeError('not a byte count');
  return BigInt(count) * factor;
}

function listedRange(address: Address): AddressRange {
  if (typeof address === 'string') return knownRange(address);
  if ('prefix' in address) return knownRange(`${address.prefix.addr}/${address.prefix.len}`);
  const [first, last] = address.range;
  return { ...knownRange(first), last: knownRange(last).last };
}

/** Checks only the maps and the verdict of each rule; the other details of nft's output do not matter. */
function hasOurRules(listed: readonly Listed[]): boolean {
  const chains = listed.flatMap(({ chain }) => (chain === undefined ? [] : [chain]));
  const rules = listed.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  return (
    chains.length === CHAINS.length &&
    rules.length === CHAINS.reduce((sum, chain) => sum + chain.rules.length, 0) &&
    CHAINS.every((ours) => {
      const chain = chains.find(({ name }) => name === ours.name);
      const exprs = rules.filter((rule) => rule.chain === ours.name).map(({ expr }) => expr);
      return (
        chain?.hook === ours.name &&
        chain.prio === ours.priority &&
        chain.policy === 'accept' &&
        exprs.length === ours.rules.length &&
        ours.rules.every(({ map }, index) => {
          const text = JSON.stringify(exprs[index]);
          return text.includes(`"@${map}"`) && text.includes('"drop"');
        })
      );
    })
  );
}
