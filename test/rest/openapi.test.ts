import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/domain/errors.ts';
import { fieldsWith, USER_FIELDS } from '../../src/domain/user-fields.ts';
import { openApiText } from '../../src/rest/openapi/document.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import { expectDocumented, OPEN_API, OPERATIONS, referred } from '../fixtures/openapi.ts';
import { shared } from '../fixtures/shared.ts';
import { send, startFleet } from './support.ts';

const fleet = shared(() => startFleet());

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Every object in the document, with those inside of it. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value as Record<string, unknown>, ...inside];
}

describe('the OpenAPI document', () => {
  it('has every route and no others', () => {
    const routes = ROUTES.map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(OPERATIONS.map(({ path, method }) => `${method} ${path}`).sort()).toEqual(routes.sort());
  });

  it('is equal to openapi.json', () => {
    expect(read('openapi.json')).toBe(openApiText());
  });

  it('names and describes every operation, parameter and property', () => {
    const ids = OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = OPEN_API.tags.map(({ name }) => name);
    for (const { operationId, summary, description, tags: own, parameters } of OPERATIONS) {
      expect(operationId).toMatch(/^[a-z]\w+$/i);
      for (const text of [summary, description]) expect(text, operationId).toMatch(/\w/);
      expect(tags, operationId).toEqual(expect.arrayContaining([...own]));
      for (const parameter of parameters) {
        expect(parameter, `${operationId} ${parameter.name}`).toHaveProperty('description');
      }
    }
    const properties = Object.entries(OPEN_API.components.schemas).flatMap(([name, schema]) =>
      Object.entries(schema.properties ?? {}).map(([key, one]) => ({
        path: `${name}.${key}`,
        one,
      })),
    );
    const bare = properties.filter(({ one }) => !('description' in one || 'const' in one));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('declares every parameter of a path', () => {
    for (const { path, parameters } of OPERATIONS) {
      const declared = parameters.filter((one) => one.in === 'path' && one.required);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        declared.map(({ name }) => name),
        path,
      ).toEqual(named);
    }
  });

  it('refers to every named schema, and to no others', () => {
    const references = objectsIn(OPEN_API)
      .map(({ $ref }) => $ref)
      .filter((one): one is string => typeof one === 'string' && one.includes('/schemas/'));
    for (const reference of references) referred(reference);
    const used = new Set(references.map((one) => one.split('/').at(-1)));
    expect([...used].sort()).toEqual(Object.keys(OPEN_API.components.schemas).sort());
  });

  it('marks each GET that changes state as deprecated, beside a POST that does the same', () => {
    const deprecated = OPERATIONS.filter((one) => one.deprecated);
    const changing = ROUTES.filter(({ method, changesState }) => method === 'GET' && changesState);
    expect(deprecated.length).toBe(changing.length);
    for (const { path, method } of deprecated) {
      expect(method).toBe('get');
      expect(OPEN_API.paths[path]?.post).toBeDefined();
    }
  });

  it('lists every error code', () => {
    expect(referred('#/components/schemas/Error').properties?.code).toMatchObject({
      enum: [...ERROR_CODES],
    });
  });

  it('has every field that a body may set', () => {
    const names = fieldsWith('rest').map((field) => USER_FIELDS[field].rest);
    for (const name of ['NewUser', 'UserChanges']) {
      const { properties = {} } = referred(`#/components/schemas/${name}`);
      expect(Object.keys(properties).sort()).toEqual(['peer_pubkey', ...names].sort());
    }
  });

  it.each([
    ['docs/REST.md', '## Endpoints'],
    ['docs/MANUAL.zh-CN.md', '## REST 路径'],
  ])('has the paths and parameters that %s lists', (file, heading) => {
    const [, section = ''] = read(file).split(`${heading}\n`);
    const [table = ''] = section.split('\n## ');
    const listed = table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...line.matchAll(/`(?:(?:GET|POST) )?(\/[^`?]*)/g)])
      .map(([, path = '']) => path.replace('/A', '/{action}'));
    const documented = Object.keys(OPEN_API.paths);
    expect([...new Set(listed)].sort()).toEqual(documented.sort());
    const parameters = OPERATIONS.flatMap((one) => one.parameters);
    const names = parameters.filter((one) => one.in !== 'header').map(({ name }) => name);
    for (const name of new Set(names)) expect(table).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('docs/REST.md', () => {
  const keysOf = (name: string) =>
    Object.keys(referred(`#/components/schemas/${name}`).properties ?? {});
  const namesIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

  it('says of every field of a body what blank and null mean', () => {
    const [, section = ''] = read('docs/REST.md').split('## Blank and null\n');
    const fields = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => namesIn(line.split(' | ')[0] as string));
    expect([...fields, 'peer_pubkey'].sort()).toEqual(keysOf('NewUser').sort());
  });

  it('lists every property of a user that a body may contain and that is ignored', () => {
    const [, list = ''] = /\n- (`id`.*?) are ignored\./s.exec(read('docs/REST.md')) ?? [];
    const settable = keysOf('NewUser');
    const readOnly = [...keysOf('User'), ...keysOf('ManagedUser')].filter(
      (name) => !settable.includes(name),
    );
    expect(namesIn(list).sort()).toEqual([...new Set(readOnly)].sort());
  });
});

describe('GET /openapi.json', () => {
  it('returns the document without a token, to pages of any origin', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: 'a-token-of-more-than-16-characters' } });
    const { status, headers, text } = await app.rest('/openapi.json', {
      headers: { origin: 'https://reader.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(status).toBe(200);
    expect(text).toBe(openApiText());
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('is answered with 304 while the client has the same document', async () => {
    const app = fleet();
    const { headers } = await app.rest('/openapi.json');
    const etag = headers.get('etag') as string;
    const again = await send(app, { path: '/openapi.json', headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
    const other = await send(app, { path: '/openapi.json', headers: { 'if-none-match': '"x"' } });
    expect(other.status).toBe(200);
  });

  it('does not say which version of the program runs', async () => {
    const app = fleet();
    const { version } = (await app.rest('/api/status')).body;
    const { text } = await app.rest('/openapi.json');
    expect(text).not.toContain(`"${version}"`);
  });
});

describe('the check of every response in the tests', () => {
  const check =
    (path: string, status: number, body: unknown, others: Record<string, string> = {}) =>
    () => {
      const headers = new Headers({ 'content-type': 'application/json; charset=utf-8', ...others });
      expectDocumented({ method: 'GET', path, status, headers, text: JSON.stringify(body) });
    };
  const day = { date: '2026-01-15', total_rx: 1, total_tx: 2 };
  const chart = '/api/traffic/chart';

  it('accepts a documented response, in either form of byte counts', () => {
    expect(check(chart, 200, [day])).not.toThrow();
    const text = { ...day, total_rx: '1', total_tx: '9223372036854775807' };
    expect(check(`${chart}?bytes=string`, 200, [text])).not.toThrow();
  });

  it('fails for properties in another order', () => {
    const { date, ...bytes } = day;
    expect(check(chart, 200, [{ ...bytes, date }])).toThrow('not in the order');
  });

  it('fails for a property too few, too many or of another type, and for an unknown code', () => {
    const { total_tx: _, ...short } = day;
    for (const wrong of [short, { ...day, more: 1 }, { ...day, date: '15.1.2026' }]) {
      expect(check(chart, 200, [wrong])).toThrow('not as documented');
    }
    expect(check(`${chart}?bytes=string`, 200, [day])).toThrow('not as documented');
    expect(check(chart, 200, day)).toThrow('not as documented');
    const error = { status: 'error', message: 'No.', code: 'NO' };
    expect(check(chart, 400, error)).toThrow('not as documented');
    expect(check('/api/nothing', 200, [])).toThrow('not documented');
  });

  it('fails for a status or a header that is not documented there, or a header that is missing', () => {
    const error = { status: 'error', message: 'No.', code: 'CONFLICT' };
    expect(check(chart, 409, error)).toThrow('not documented');
    expect(check(chart, 200, [day], { etag: '"1"' })).toThrow('it has the header ETag');
    expect(check('/api/users', 200, [])).toThrow('it has no X-Total-Count');
    expect(check('/api/users', 200, [], { 'x-total-count': 'many' })).toThrow('X-Total-Count: ');
    expect(check('/api/users', 200, [], { 'x-total-count': '0' })).not.toThrow();
    const unauthenticated = { ...error, code: 'UNAUTHENTICATED' };
    expect(check(chart, 401, unauthenticated)).toThrow('it has no WWW-Authenticate');
  });

  it('fails for a body that is not sent as JSON', () => {
    expect(check(chart, 200, [day], { 'content-type': 'text/plain' })).toThrow('not sent as JSON');
  });
});
