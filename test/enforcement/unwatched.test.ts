import { expect, it } from 'vitest';
import {
  eventTypes,
  polls,
  startWithPeer,
  startWithUser,
  userOf,
} from '../fixtures/enforcement-app.ts';

const HINT = expect.stringMatching(/wg0 is not listed in WGQL_INTERFACES/);

it.each([
  ['not managed', startWithPeer],
  ['managed', startWithUser],
])('a peer that is %s on an interface that is no longer monitored is unknown', async (_, start) => {
  const { app, wg0, id } = await start();
  const [[publicKey = ''] = []] = wg0.peers;
  app.wireguard.interface('wg1');
  // The fake reads all there is, the program only what it watches.
  const { read } = app.wireguard;
  app.wireguard.read = async (signal) => {
    const snapshot = await read(signal);
    const interfaces = snapshot.interfaces.filter(({ name }) => name === 'wg1');
    return { ...snapshot, interfaces };
  };
  app.wireguard.writes.length = 0;
  await app.restart({ WGQL_INTERFACES: 'wg1' });
  await app.post(`/api/users/${id}/disable`, {});
  await polls(app);
  expect((await userOf(app, publicKey)).enforcement).toMatchObject({
    desired: 'ABSENT',
    applied: 'UNKNOWN',
    lastError: HINT,
  });
  expect(await eventTypes(app, id)).not.toContain('LIMIT_APPLIED');

  expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(503);
  expect((await userOf(app, publicKey)).enabled).toBe(false);
  await app.post(`/api/users/${id}/enable`, {});
  expect(wg0.peers.has(publicKey)).toBe(true);
  expect(app.wireguard.writes).toEqual([]);

  app.wireguard.read = read;
  await app.restart({ WGQL_INTERFACES: 'wg0,wg1' });
  await polls(app);
  expect((await userOf(app, publicKey)).enforcement).toMatchObject({
    applied: 'PRESENT',
    lastError: null,
  });
  expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(200);
  expect(wg0.peers.has(publicKey)).toBe(false);
});
