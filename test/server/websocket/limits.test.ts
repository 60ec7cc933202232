import { describe, expect, it } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import { DASHBOARD, openSocket, socketUrl, within } from '../../live/support.ts';
import { startFleet } from '../../rest/support.ts';

const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

const codesOf = (payload: unknown) =>
  (payload as readonly { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);

describe('one WebSocket', () => {
  const fleet = shared(() => startFleet());

  it('with a message of many megabytes is closed for it, and the program continues to run', async () => {
    const app = fleet();
    const padding = 'x'.repeat(12_000_000);
    const sent = await openSocket(socketUrl(app));
    sent.socket.send(JSON.stringify(subscribe('q', `{ status { demo } } #${padding}`)));
    expect(await within('the close', sent.closed)).toBe(1009);
    expect((await app.rest('/api/status')).status).toBe(200);
  });

  it('runs 100 of 1 000 subscriptions, and rejects each of the others separately', async () => {
    const app = fleet();
    const one = await openSocket(socketUrl(app));
    for (let index = 0; index < 1_000; index++) one.send(subscribe(`${index}`, DASHBOARD));
    await one.received('next', '99');
    const last = await one.received('error', '999');
    expect(codesOf(last.payload)).toEqual(['RATE_LIMITED']);
    const refused = one.messages.filter(({ type }) => type === 'error');
    expect(refused).toHaveLength(900);
    app.online.rxBytes += 3n;
    await app.polled();
    const told = () =>
      one.messages.filter(({ type }) => type === 'next').map(({ id }) => Number(id));
    await app.eventually('a result for each', async () => told().length === 200);
    expect(Math.max(...told())).toBe(99);
  });
});
