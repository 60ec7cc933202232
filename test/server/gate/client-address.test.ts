import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { clientAddresses } from '../../../src/server/gate/client-address.ts';
import { makeToken } from '../../fixtures/tokens.ts';
import { DASHBOARD, watchEvents, within } from '../../live/support.ts';
import { send, startFleet } from '../../rest/support.ts';
import { BEARER, jsonPost, TOKEN, upgradeStatus, withHeaders } from '../support.ts';

const addressOf = (trusted: readonly string[], peer: string, header?: string) =>
  clientAddresses(trusted)({
    socket: { remoteAddress: peer },
    headers: header === undefined ? {} : { 'x-forwarded-for': header },
  } as never);

describe('the address of a client', () => {
  it('is that of its connection, whatever headers it sends, unless that is a trusted proxy', () => {
    expect(addressOf([], '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    expect(addressOf(['10.0.0.0/8'], '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    expect(addressOf(['10.0.0.0/8'], '::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('is the nearest one behind the trusted proxies', () => {
    const trusted = ['10.0.0.0/8', 'fd00::/8', '192.0.2.7'];
    expect(addressOf(trusted, '10.1.2.3', '203.0.113.9')).toBe('203.0.113.9');
    expect(addressOf(trusted, '10.1.2.3', 'spoofed, 198.51.100.4, 203.0.113.9')).not.toBe(
      'spoofed',
    );
    expect(addressOf(trusted, '10.1.2.3', '198.51.100.4, 203.0.113.9, 10.9.9.9')).toBe(
      '203.0.113.9',
    );
    expect(addressOf(trusted, '192.0.2.7', '198.51.100.4,10.0.0.1')).toBe('198.51.100.4');
    expect(addressOf(trusted, '::ffff:10.1.2.3', '2001:db8::5')).toBe('2001:db8::5');
    expect(addressOf(trusted, 'fd00::1', '203.0.113.9')).toBe('203.0.113.9');
    expect(addressOf(trusted, '10.1.2.3', '10.0.0.8, 10.0.0.9')).toBe('10.0.0.8');
  });

  it('is unknown if the decisive hop is invalid, whatever the hops before it', () => {
    const proxied = (header?: string) => addressOf(['10.0.0.0/8'], '10.1.2.3', header);
    for (const header of [
      '',
      'unknown',
      '203.0.113.9, x',
      '203.0.113.9:80',
      '1.2.3',
      ',',
      '_hid',
    ]) {
      expect(proxied(header), header).toBe('');
    }
    expect(proxied('x, 203.0.113.9')).toBe('203.0.113.9');
    expect(proxied(', 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
    expect(proxied()).toBe('');
  });

  it('of IPv4 is recognized in every IPv6 notation, also for proxies', () => {
    for (const trusted of ['::ffff:10.1.2.3', '::ffff:a01:203', '::ffff:10.0.0.0/104']) {
      expect(addressOf([trusted], '10.1.2.3', '203.0.113.9'), trusted).toBe('203.0.113.9');
      expect(addressOf([trusted], '::ffff:10.1.2.3', '::ffff:cb00:7109')).toBe('203.0.113.9');
      expect(addressOf([trusted], '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    }
    expect(addressOf(['10.0.0.0/8'], '10.1.2.3', '203.0.113.9, ::ffff:a00:1')).toBe('203.0.113.9');
  });

  it('is checked against the networks of a token, never the address of a proxy that sends no header', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN, WGQL_TRUSTED_PROXIES: '127.0.0.1' } });
    const local = { name: 'local only', role: 'VIEWER', allowedFrom: ['127.0.0.0/8'] };
    const { headers } = await makeToken(app, local, BEARER);
    const statusWith = async (more: Record<string, string>) =>
      (await app.rest('/api/users', { headers: { ...headers, ...more } })).status;
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ forwarded: 'for=127.0.0.2' })).toBe(401);
    expect(await statusWith({ 'x-real-ip': '127.0.0.2' })).toBe(401);
    expect(await statusWith({ 'x-forwarded-for': '' })).toBe(401);
    expect(await statusWith({ 'x-forwarded-for': '203.0.113.9' })).toBe(401);
    expect(await statusWith({ 'x-forwarded-for': '127.0.0.2' })).toBe(200);
  });

  it('is used to count sockets', async () => {
    const app = await startFleet({
      env: {
        WGQL_TOKEN: TOKEN,
        WGQL_TRUSTED_PROXIES: '127.0.0.0/8',
        WGQL_MAX_SOCKETS_PER_ADDRESS: '1',
      },
    });
    const from = (address: string) => ({ ...BEARER, 'x-forwarded-for': address });
    const holder = new WebSocket(
      `${app.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      { headers: from('203.0.113.1') },
    );
    onTestFinished(() => holder.terminate());
    await within('the socket', once(holder, 'open'));
    expect(await upgradeStatus(app, from('203.0.113.1'))).toBe(429);
    expect(await upgradeStatus(app, from('203.0.113.2'))).toBe(101);
  });

  it('is used to count event streams, together with sockets', async () => {
    const app = await startFleet({
      env: {
        WGQL_TOKEN: TOKEN,
        WGQL_TRUSTED_PROXIES: '127.0.0.0/8',
        WGQL_MAX_SOCKETS_PER_ADDRESS: '2',
      },
    });
    // An IPv6 host can use all addresses of its /64.
    let host = 0;
    const from = (network: string) => ({ ...BEARER, 'x-forwarded-for': `${network}::${++host}` });
    const watchFrom = (network: string) => watchEvents(app, DASHBOARD, {}, from(network));
    const first = await watchFrom('2001:db8:0:1');
    await first.next();
    const second = await watchFrom('2001:db8:0:1');
    await second.next();
    const third = await watchFrom('2001:db8:0:1');
    expect(third.response.status).toBe(429);
    expect(await third.failed()).toBe('RATE_LIMITED');
    expect(await upgradeStatus(app, from('2001:db8:0:1'))).toBe(429);
    await (await watchFrom('2001:db8:0:2')).next();
    // An operation that ends by itself does not count as a stream, in whatever format it is requested.
    const query = jsonPost('/graphql', { query: '{ status { demo } }' });
    const headers = { ...from('2001:db8:0:1'), accept: 'text/event-stream' };
    expect((await send(app, withHeaders(query, headers))).status).toBe(200);
    await first.stop();
    await app.eventually(
      'the place of the first',
      async () => (await upgradeStatus(app, from('2001:db8:0:1'))) === 101,
    );
  });
});
