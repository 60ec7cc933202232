/** How many leading characters of base64 depend on the bytes before, by their number modulo 3. */
const SPOILT_BY_BEFORE = [0, 2, 3] as const;

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

/** The names of the secrets that are found in some form in the haystack. */
export function found(
  secrets: Readonly<Record<string, string>>,
  haystack: Buffer | string,
): string[] {
  const bytes = Buffer.from(haystack as string);
  return Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => bytes.includes(form)))
    .map(([name]) => name);
}
