/** A map with changes; the original is never modified. */
export interface ChangedCopy<K, V> {
  set(key: K, value: V): void;
  /** The original itself if nothing was set. */
  result(): ReadonlyMap<K, V>;
}

/** Copies the map at the first change: in many polls there is none. */
export function changedCopy<K, V>(original: ReadonlyMap<K, V>): ChangedCopy<K, V> {
  let copy: Map<K, V> | null = null;
  return {
    set: (key, value) => {
      copy ??= new Map(original);
      copy.set(key, value);
    },
    result: () => copy ?? original,
  };
}
