import { describe, expect, it } from 'vitest';
import { startTestApp } from '../fixtures/test-app.ts';

const TOKEN = 'a-token-of-more-than-thirty-two-characters';
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('with WGQL_TOKEN', () => {
  it('requests without it are rejected without any effect', async () => {
    const app = await startTestApp({
      env: { WGQL_TOKEN: TOKEN },
      prepare: (wg) => void wg.interface().addPeer(),
    });
    await app.polled();
    const before = await app.rest('/api/users', bearer(TOKEN));
    expect(before.status).toBe(200);
    for (const init of [
      undefined,
      bearer('wrong'),
      bearer(`${TOKEN}x`),
      bearer(''),
      { headers: { authorization: `Basic ${TOKEN}` } },
      { headers: { authorization: TOKEN } },
    ]) {
      for (const path of [
        '/api/users',
        '/api/users/management',
        '/api/events',
        '/api/events/history',
        '/api/status',
        '/api/dashboard',
        '/api/traffic/chart',
        '/api/users/1/disable',
        '/api/users/1/reset',
        '/api/users/1/kick',
        `/api/users?token=${TOKEN}`,
      ]) {
        // Failed attempts are counted per minute.
        app.clock.advance(60_000);
        const { status, body, headers } = await app.rest(path, init);
        expect(status, path).toBe(401);
        expect(body).toMatchObject({ status: 'error', code: 'UNAUTHENTICATED' });
        expect(headers.get('www-authenticate')).toBe('Bearer');
        expect(headers.get('access-control-allow-origin')).toBe('*');
      }
    }
    const update = await app.post('/api/users/1/update', { nickname: 'x' });
    expect(update.status).toBe(401);
    // An unauthenticated client must not learn which input is valid.
    const invalid = await app.post('/api/users/create', { peer_pubkey: 'x' });
    expect(invalid.status).toBe(401);
    for (const body of ['{', `"${'x'.repeat(1_100_000)}"`]) {
      const headers = { 'content-type': 'application/json' };
      const unread = await app.rest('/api/users/create', { method: 'POST', headers, body });
      expect(unread.status).toBe(401);
    }
    expect((await app.rest('/api/users', bearer(TOKEN))).text).toBe(before.text);
    expect((await app.rest('/api/users', { method: 'OPTIONS' })).status).toBe(204);
  });

  it('the audit log names its holder', async () => {
    const app = await startTestApp({
      env: { WGQL_TOKEN: TOKEN },
      prepare: (wg) => void wg.interface().addPeer(),
    });
    await app.polled();
    const authorization = { authorization: `bearer ${TOKEN}` };
    await app.post('/api/users/1/update', { nickname: 'x' }, authorization);
    const { data } = await app.graphql(
      '{ auditLog { edges { node { actor } } } }',
      {},
      authorization,
    );
    expect(data.auditLog.edges).toEqual([{ node: { actor: 'WGQL_TOKEN' } }]);
    expect(JSON.stringify(data)).not.toContain(TOKEN);
  });
});
