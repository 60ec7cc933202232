import { describe, expect, it } from 'vitest';
import { each, MEMBERS, unexpected, VALUES } from '../fixtures/edge-values.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { send, startFleet } from './support.ts';

const FIELDS = [
  ...['peer_pubkey', 'nickname', 'mail', 'phone', 'note', 'interface', 'allowed_ips'],
  ...['preshared_key', 'persistent_keepalive', 'enabled', 'bandwidth_limit', 'data_limit'],
  ...['expiry_date', 'id', 'action', 'constructor', '__proto__', ''],
];

/** Those that a creation treats in its own way. */
const CREATED = ['peer_pubkey', 'interface', 'allowed_ips'];

const PARAMETERS: Record<string, readonly string[]> = {
  '/api/users': ['page', 'per_page', ...MEMBERS],
  '/api/users/management': ['page', 'per_page', 'search', 'status'],
  '/api/events': ['page', 'per_page'],
  '/api/events/history': ['page', 'per_page', 'user_id', 'status', 'from', 'to'],
  '/api/status': ['x'],
  '/api/dashboard': ['x'],
  '/api/traffic/chart': ['days'],
  '/api/users/1/action': ['action'],
};

/** The requests with one value of one field. */
function requestsWith(field: string, value: unknown) {
  const json = `{${JSON.stringify(field)}:${JSON.stringify(value)}}`;
  const form = `${encodeURIComponent(field)}=${urlText(String(value))}`;
  const created = json.replace('{', `{"peer_pubkey":${JSON.stringify(newPublicKey())},`);
  return {
    updates: [
      ['/api/users/1/update', json, 'application/json'],
      ['/api/users/2/update', form, 'application/x-www-form-urlencoded'],
    ],
    creations: CREATED.includes(field) ? [['/api/users/create', created, 'application/json']] : [],
  } as const;
}

describe('a value at the edge of what is allowed', () => {
  it('of any REST field is taken or refused, as JSON and as a form', async () => {
    const app = await startFleet();
    const cases = FIELDS.flatMap((field) => VALUES.map((value) => requestsWith(field, value)));
    const requests = [
      ...cases.flatMap(({ updates }) => updates),
      // Last, because each new user makes every poll longer.
      ...cases.flatMap(({ creations }) => creations),
    ];
    await each(requests, async ([path, body, type]) => {
      const headers = { 'content-type': type };
      const { status } = await send(app, { method: 'POST', path, headers, body });
      expect.soft([200, 400, 409], `${path} ${body.slice(0, 200)}`).toContain(status);
    });
    expect(unexpected(app)).toEqual([]);
    expect((await app.rest('/api/users')).status).toBe(200);
    expect((await app.rest('/api/users/management')).status).toBe(200);
  }, 120_000);

  it('of any parameter and path is taken or refused', async () => {
    const app = await startFleet();
    const texts = VALUES.map((value) => urlText(String(value)).slice(0, 4_000));
    const paths = [
      ...Object.entries(PARAMETERS).flatMap(([path, names]) =>
        names.flatMap((name) => texts.map((text) => `${path}?${name}=${text}`)),
      ),
      ...texts.flatMap((text) => [`/api/users/${text}/kick`, `/api/users/1/${text}`, `/${text}`]),
    ];
    await each(paths, async (path) => {
      const { status } = await send(app, { path });
      expect.soft([200, 400, 404, 405], path.slice(0, 200)).toContain(status);
    });
    expect(unexpected(app)).toEqual([]);
  }, 120_000);
});

/** As a URL writes it; a lone half of a character is left as what stands for it. */
function urlText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
