import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  failuresOf,
  MEMBERS,
  textsOf,
  unexpected,
  VALUES,
  valuesOf,
} from '../fixtures/edge-values.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { send, startFleet } from './support.ts';

/** They are ignored or refused by name, whatever their values. */
const WITHOUT_MEANING = ['id', 'action', 'constructor', '__proto__', ''];

const FIELDS = [
  ...['peer_pubkey', 'nickname', 'mail', 'phone', 'note', 'interface', 'allowed_ips'],
  ...['preshared_key', 'persistent_keepalive', 'enabled', 'bandwidth_limit', 'data_limit'],
  ...['expiry_date', ...WITHOUT_MEANING],
];

/** Those that a creation treats in its own way. */
const CREATED = ['peer_pubkey', 'interface', 'allowed_ips'];

const PARAMETERS: Record<string, readonly string[]> = {
  '/api/users': ['page', 'per_page'],
  '/api/users/management': ['page', 'per_page', 'search', 'status'],
  '/api/events': ['page', 'per_page'],
  '/api/events/history': ['page', 'per_page', 'user_id', 'status', 'from', 'to'],
  '/api/traffic/chart': ['days'],
  '/api/users/1/action': ['action'],
};

/** Parameters that these paths ignore, whatever their values. */
const IGNORED: Record<string, readonly string[]> = {
  '/api/users': MEMBERS,
  '/api/status': ['x'],
  '/api/dashboard': ['x'],
};

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

const jsonOf = (field: string, value: unknown) =>
  `{${JSON.stringify(field)}:${JSON.stringify(value)}}`;

const FEW_TEXTS = textsOf(valuesOf());
const FORM_TEXTS = textsOf(valuesOf('MEMBERS', 'TEXTS'));

/** Every value as JSON; as a form, whose values are texts, those that are not read like the same text in JSON. */
const UPDATES = FIELDS.flatMap((field) => [
  ...VALUES.map((value) => ['/api/users/1/update', jsonOf(field, value), JSON_TYPE] as const),
  ...(WITHOUT_MEANING.includes(field) ? FEW_TEXTS : FORM_TEXTS).map((text) => {
    const form = `${encodeURIComponent(field)}=${urlText(text)}`;
    return ['/api/users/2/update', form, FORM_TYPE] as const;
  }),
]);

const creations = () =>
  CREATED.flatMap((field) =>
    VALUES.map((value) => {
      const key = `{"peer_pubkey":${JSON.stringify(newPublicKey())},`;
      return ['/api/users/create', jsonOf(field, value).replace('{', key), JSON_TYPE] as const;
    }),
  );

describe('a value at the edge of what is allowed', () => {
  it('of any REST field is taken or refused, as JSON and as a form', async () => {
    const app = await startFleet();
    const agent = new Agent({ keepAlive: true });
    // The creations last, because each new user makes every poll longer.
    const failures = await failuresOf([...UPDATES, ...creations()], async ([path, body, type]) => {
      const headers = { 'content-type': type };
      const { status } = await send(app, { method: 'POST', path, headers, body, agent });
      return [200, 400, 409].includes(status) ? null : `${status} ${path} ${body.slice(0, 200)}`;
    });
    expect(failures).toEqual([]);
    expect(unexpected(app)).toEqual([]);
    expect((await app.rest('/api/users')).status).toBe(200);
    expect((await app.rest('/api/users/management')).status).toBe(200);
  }, 120_000);

  it('of any parameter and path is taken or refused', async () => {
    const app = await startFleet();
    const agent = new Agent({ keepAlive: true });
    const texts = textsOf(VALUES).map((text) => urlText(text).slice(0, 4_000));
    const paths = [
      ...pathsWith(PARAMETERS, texts),
      ...pathsWith(IGNORED, FEW_TEXTS.map(urlText)),
      ...texts.flatMap((text) => [`/api/users/${text}/kick`, `/api/users/1/${text}`, `/${text}`]),
    ];
    const failures = await failuresOf(paths, async (path) => {
      const { status } = await send(app, { path, agent });
      return [200, 400, 404, 405].includes(status) ? null : `${status} ${path.slice(0, 200)}`;
    });
    expect(failures).toEqual([]);
    expect(unexpected(app)).toEqual([]);
  }, 120_000);
});

const pathsWith = (names: Record<string, readonly string[]>, texts: readonly string[]) =>
  Object.entries(names).flatMap(([path, all]) =>
    all.flatMap((name) => texts.map((text) => `${path}?${name}=${text}`)),
  );

/** As a URL writes it; a lone half of a character is left as what stands for it. */
function urlText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
