/** How many leading characters of base64 depend on the bytes before, by their number modulo 3. */
const SPOILT_BY_BEFORE = [0, 2, 3] as const;

/** Enough that hardly any place in a haystack begins like a form by chance. */
const FILTER_BITS = 20;

/** The bytes as they would stand in base64 of something longer, for each place they may begin at. */
function base64Forms(bytes: Buffer): string[] {
  return SPOILT_BY_BEFORE.flatMap((spoilt, before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const certain = Math.floor((whole.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((encoding) =>
      whole.toString(encoding).slice(spoilt, certain),
    );
  });
}

/** A leak: what was found, and what stands before it. */
export interface Leak {
  readonly name: string;
  readonly before: string;
}

/** Every form in which a secret must not be found: as it is, as bytes, in hex and in base64. */
export function formsOf(secret: string): Buffer[] {
  const encoded = secret.replace(/^wgql_/, '');
  const raw = Buffer.from(encoded, 'base64');
  const isEncoding = raw.length === 32;
  const contents = [Buffer.from(secret), ...(isEncoding ? [Buffer.from(encoded), raw] : [])];
  return contents.flatMap((bytes) => [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...base64Forms(bytes).map((text) => Buffer.from(text)),
  ]);
}

/** Looks for any number of secrets in one pass, by the first four bytes of their forms. */
export class Canary {
  readonly #names = new Set<string>();
  readonly #isBeginning = new Uint8Array(1 << FILTER_BITS);
  readonly #forms = new Map<number, { readonly name: string; readonly form: Buffer }[]>();

  /** `name` is what a leak of it is called. */
  add(name: string, secret: string): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    for (const form of formsOf(secret)) {
      const beginning = form.readInt32LE(0);
      this.#isBeginning[filterOf(beginning)] = 1;
      const others = this.#forms.get(beginning) ?? [];
      this.#forms.set(beginning, [...others, { name, form }]);
    }
  }

  /** The first place of each secret that is in the haystack. */
  search(haystack: Buffer): Leak[] {
    const leaks = new Map<string, Leak>();
    const isBeginning = this.#isBeginning;
    let four = 0;
    for (let end = 0; end < haystack.length; end++) {
      four = (four >>> 8) | ((haystack[end] as number) << 24);
      if (isBeginning[filterOf(four)] === 0) continue;
      const start = end - 3;
      for (const { name, form } of this.#forms.get(four) ?? []) {
        if (leaks.has(name) || start < 0) continue;
        if (form.compare(haystack, start, Math.min(start + form.length, haystack.length)) !== 0)
          continue;
        const before = haystack.toString('latin1', Math.max(0, start - 100), start);
        leaks.set(name, { name, before });
      }
    }
    return [...leaks.values()];
  }
}

function filterOf(four: number): number {
  return Math.imul(four, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

/** The names of the secrets that are found in some form in the haystack. */
export function found(
  secrets: Readonly<Record<string, string>>,
  haystack: Buffer | string,
): string[] {
  const canary = new Canary();
  for (const [name, secret] of Object.entries(secrets)) canary.add(name, secret);
  const names = canary.search(Buffer.from(haystack as string)).map(({ name }) => name);
  return Object.keys(secrets).filter((name) => names.includes(name));
}
