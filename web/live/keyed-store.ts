/**
 * Values by key outside of React. A component reads one key and is rendered again only when that value changes, at most
 * four times a second.
 */
export interface KeyedStore<Value> {
  get(key: string): Value | undefined;
  entries(): IterableIterator<[string, Value]>;
  subscribe(key: string, listener: () => void): () => void;
  set(changes: Iterable<readonly [string, Value]>): void;
  /** Forgets all values. */
  clear(): void;
}

const BATCH_MS = 250;

export function keyedStore<Value>(): KeyedStore<Value> {
  const values = new Map<string, Value>();
  const byKey = new Map<string, Set<() => void>>();
  let changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notifiedAt = Number.NEGATIVE_INFINITY;

  const notify = () => {
    timer = undefined;
    notifiedAt = performance.now();
    const keys = changed;
    changed = new Set();
    for (const key of keys) for (const listener of byKey.get(key) ?? []) listener();
  };

  const notifySoon = () => {
    if (changed.size === 0 || timer !== undefined) return;
    timer = setTimeout(notify, Math.max(0, notifiedAt + BATCH_MS - performance.now()));
  };

  return {
    get: (key) => values.get(key),
    entries: () => values.entries(),
    subscribe: (key, listener) => {
      const listeners = byKey.get(key) ?? new Set();
      byKey.set(key, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byKey.get(key) === listeners) byKey.delete(key);
      };
    },
    set: (changes) => {
      for (const [key, value] of changes) {
        values.set(key, value);
        changed.add(key);
      }
      notifySoon();
    },
    clear: () => {
      for (const key of values.keys()) changed.add(key);
      values.clear();
      notifySoon();
    },
  };
}
