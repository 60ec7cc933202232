/** A linear congruential generator with the constants of Numerical Recipes: the same numbers from 0 to 1 each time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Addresses of the blocks that are reserved for documentation. */
export function newEndpoint(random: () => number): string {
  const block = random() < 0.5 ? '198.51.100' : '203.0.113';
  const host = 1 + Math.floor(random() * 254);
  return `${block}.${host}:${1024 + Math.floor(random() * 60_000)}`;
}
