import {
  CHAINS,
  isEmpty,
  MAP_NAMES,
  MAPS,
  type MapName,
  TABLE,
  type TableContents,
} from './layout.ts';
import { userOfLimit } from './names.ts';
import type { RateLimit } from './rate-limit.ts';

/** The input for `nft -f -`, and the users whose bandwidth limits it brings into force. */
export interface Change {
  /** Empty when there is nothing to do; always one transaction. */
  readonly script: string;
  /** Ascending; the users whose limit is new, has another rate, or applies to other addresses. */
  readonly limitedUserIds: readonly number[];
}

/** A table that exists but must be replaced, or whose contents are unknown. */
export type Unusable = 'unusable';

/**
 * Computes the change from one table to the other; null means no table. Unchanged objects keep their bucket
 * and their counters: neither they nor their elements are written again, except `spent` objects, which are
 * created again.
 */
export function diffTables(
  wanted: TableContents,
  present: TableContents | Unusable | null,
  spent: ReadonlySet<string> = new Set(),
): Change {
  if (isEmpty(wanted)) {
    return { script: present === null ? '' : `delete table ${TABLE}\n`, limitedUserIds: [] };
  }
  if (present === null || present === 'unusable') {
    return { script: wholeTable(wanted), limitedUserIds: limitedBy(wanted.limits.keys()) };
  }
  return difference(present, wanted, spent);
}

/** Removes the table, whether it exists or not. */
export const REMOVAL = `add table ${TABLE}\ndelete table ${TABLE}\n`;

function difference(
  present: TableContents,
  wanted: TableContents,
  spent: ReadonlySet<string>,
): Change {
  const deletedElements: string[] = [];
  const addedElements: string[] = [];
  const objects = objectDifference(present, wanted, spent);
  const inForce = new Set(objects.made);
  for (const map of MAP_NAMES) {
    const before = present.elements[map];
    const after = wanted.elements[map];
    const isIn = (other: ReadonlyMap<string, string>, [key, object]: readonly [string, string]) =>
      other.get(key) === object && !objects.gone.has(object);
    const removed = [...before].filter((element) => !isIn(after, element)).map(([key]) => key);
    const fresh = [...after].filter((element) => !isIn(before, element));
    const added = fresh.map(([key, object]) => `${key} : "${object}"`);
    for (const [, object] of fresh) inForce.add(object);
    if (removed.length > 0) deletedElements.push(elementsCommand('delete', map, removed));
    if (added.length > 0) addedElements.push(elementsCommand('add', map, added));
  }
  // An object can be removed only after the elements that refer to it, and referred to only once it exists.
  const lines = [...deletedElements, ...objects.commands, ...addedElements];
  return { script: lines.map((line) => `${line}\n`).join(''), limitedUserIds: limitedBy(inForce) };
}

interface ObjectDifference {
  readonly gone: ReadonlySet<string>;
  readonly made: ReadonlySet<string>;
  readonly commands: readonly string[];
}

/** A limit with another rate is a new object: the kernel silently ignores changes to a limit. */
function objectDifference(
  present: TableContents,
  wanted: TableContents,
  spent: ReadonlySet<string>,
): ObjectDifference {
  const gone = new Set<string>();
  const made = new Set<string>();
  const deletions: string[] = [];
  const additions: string[] = [];
  for (const [name, bucket] of present.limits) {
    if (isSameBucket(bucket, wanted.limits.get(name))) continue;
    gone.add(name);
    deletions.push(`delete limit ${TABLE} ${name}`);
  }
  for (const name of present.quotas.keys()) {
    if (wanted.quotas.has(name) && !spent.has(name)) continue;
    gone.add(name);
    deletions.push(`delete quota ${TABLE} ${name}`);
  }
  for (const [name, bucket] of wanted.limits) {
    if (isSameBucket(bucket, present.limits.get(name))) continue;
    made.add(name);
    additions.push(`add limit ${TABLE} ${name} { ${limitText(bucket)} }`);
  }
  for (const [name, bytes] of wanted.quotas) {
    if (present.quotas.has(name) && !spent.has(name)) continue;
    made.add(name);
    additions.push(`add quota ${TABLE} ${name} { ${quotaText(bytes)} }`);
  }
  return { gone, made, commands: [...deletions, ...additions] };
}

function isSameBucket(a: RateLimit, b: RateLimit | undefined): boolean {
  return b !== undefined && a.rate === b.rate && a.burst === b.burst;
}

function elementsCommand(
  verb: 'add' | 'delete',
  map: MapName,
  elements: readonly string[],
): string {
  return `${verb} element ${TABLE} ${map} { ${elements.join(', ')} }`;
}

function limitText({ rate, burst }: RateLimit): string {
  return `rate over ${rate} bytes/second burst ${burst} bytes`;
}

function quotaText(bytes: bigint): string {
  return `over ${bytes} bytes`;
}

/** Replaces any table of this name, in the same transaction. */
function wholeTable(contents: TableContents): string {
  const limits = [...contents.limits].map(
    ([name, limit]) => `limit ${name} { ${limitText(limit)} }`,
  );
  const quotas = [...contents.quotas].map(([name, left]) => `quota ${name} { ${quotaText(left)} }`);
  const maps = MAP_NAMES.map((name) => {
    const { address, object } = MAPS[name];
    const pairs = [...contents.elements[name]].map(([key, target]) => `${key} : "${target}"`);
    const elements = pairs.length === 0 ? '' : ` elements = { ${pairs.join(', ')} }`;
    return `map ${name} { type ${address} . ifname : ${object}; flags interval;${elements} }`;
  });
  const chains = CHAINS.map(({ name, priority, rules }) => {
    const lines = rules.map(({ object, key, map }) => `${object} name ${key} map @${map} drop`);
    const head = `type filter hook ${name} priority ${priority}; policy accept;`;
    return `chain ${name} {\n${head}\n${lines.join('\n')}\n}`;
  });
  const body = [...limits, ...quotas, ...maps, ...chains].join('\n');
  return `${REMOVAL}table ${TABLE} {\n${body}\n}\n`;
}

function limitedBy(objects: Iterable<string>): number[] {
  const ids = new Set<number>();
  for (const object of objects) {
    const id = userOfLimit(object);
    if (id !== null) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}
