import { describe, expect, it } from 'vitest';
import { OPERATIONS, referred, type Schema } from '../fixtures/openapi.ts';
import { shared } from '../fixtures/shared.ts';
import type { RestAnswer } from '../fixtures/test-app.ts';
import { startFleet } from './support.ts';

const fleet = shared(() => startFleet());

const READING = OPERATIONS.filter(({ method, deprecated }) => method === 'get' && !deprecated);

const queryOf = ({ parameters }: (typeof OPERATIONS)[number]) =>
  parameters.filter((one) => one.in === 'query');

/** Values at the limits of a schema, and beyond them. */
function valuesOf(
  name: string,
  schema: Schema,
): { readonly valid: unknown[]; readonly invalid: unknown[] } {
  const { enum: choices, minimum, maximum, maxLength } = schema;
  const [valid, invalid]: [unknown[], unknown[]] = [[], []];
  if (choices !== undefined) {
    valid.push(...choices);
    invalid.push('another');
  }
  if (minimum !== undefined) {
    valid.push(minimum);
    invalid.push(minimum - 1);
  }
  if (maximum !== undefined) {
    valid.push(maximum);
    invalid.push(maximum + 1);
  }
  if (maxLength !== undefined) {
    const text = name === 'mail' ? 'ada@vpn.example' : '';
    valid.push(text.padStart(maxLength, 'x'));
    invalid.push(text.padStart(maxLength + 1, 'x'));
  }
  return { valid, invalid };
}

describe.each(READING.map((one) => [one.path, one] as const))('GET %s', (path, operation) => {
  const get = (query: string) =>
    fleet().rest(`${path}?${query}`, { headers: { 'accept-language': 'en' } });

  it('reads the documented parameters, up to their documented limits', async () => {
    for (const { name, schema } of queryOf(operation)) {
      const repeated = await get(`${name}=1&${name}=2`);
      expect([repeated.status, repeated.body.message]).toEqual([
        400,
        `${name}: must be given only once`,
      ]);
      const { valid, invalid } = valuesOf(name, schema);
      for (const value of valid) {
        expect((await get(`${name}=${value}`)).status, `${name}=${value}`).toBe(200);
      }
      for (const value of invalid) {
        const { status, body } = await get(`${name}=${value}`);
        expect(status, `${name}=${value}`).toBe(400);
        expect(body.message).toMatch(new RegExp(`^${name}: `));
      }
      if (schema.default !== undefined) {
        const { body } = await get(`${name}=${schema.default}`);
        expect(withoutTimes(body)).toEqual(withoutTimes((await get('')).body));
      }
    }
  });

  it('reads no other parameters', async () => {
    const own = queryOf(operation).map(({ name }) => name);
    const all = new Set(OPERATIONS.flatMap(queryOf).map(({ name }) => name));
    const others = [...all].filter((name) => !own.includes(name));
    const { status } = await get(others.map((name) => `${name}=x&${name}=y`).join('&'));
    expect(status).toBe(200);
  });
});

/** What passes while the test runs. */
const withoutTimes = (body: unknown) =>
  JSON.parse(JSON.stringify(body, (key, value) => (key.endsWith('_seconds') ? 0 : value)));

describe('POST /api/users/{id}/update', () => {
  const fields = Object.entries(referred('#/components/schemas/UserChanges').properties ?? {});
  const isNullable = ({ type, anyOf }: Schema) =>
    [type].flat().includes('null') || (anyOf ?? []).some((one) => one.type === 'null');

  it('accepts the documented values of each property, and none beyond their limits', async () => {
    // Some properties can only be set for a user that was created here.
    const key = Buffer.alloc(32, 7).toString('base64');
    const { body: created } = await fleet().post('/api/users', { peer_pubkey: key });
    const path = `/api/users/${created.user_id}/update`;
    const send = async (name: string, value: unknown): Promise<RestAnswer> =>
      fleet().post(path, { [name]: value }, { 'accept-language': 'en' });
    for (const [name, schema] of fields) {
      const { valid, invalid } = valuesOf(name, schema);
      (isNullable(schema) ? valid : invalid).push(null);
      for (const value of valid) {
        const { status, text } = await send(name, value);
        expect(status, `${name}: ${value} ${text}`).toBe(200);
      }
      for (const value of invalid) {
        const { status, body } = await send(name, value);
        expect(status, `${name}: ${value}`).toBe(400);
        expect(body.message).toMatch(new RegExp(`^${name}: `));
      }
    }
  });

  it('rejects a property that is not documented', async () => {
    const { status } = await fleet().post('/api/users/1/update', { colour: 'red' });
    expect(status).toBe(400);
  });
});
