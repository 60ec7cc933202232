import { describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

async function inOrder(app: TestApp, field: string, descending = false): Promise<string[]> {
  const { data, errors } = await app.graphql(
    `{ users(orderBy: { field: ${field}, descending: ${descending} }) { edges { node { id } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.users.edges.map(({ node }: { node: { id: string } }) => node.id);
}

const set = (app: TestApp, id: number, input: string) =>
  app.graphql(`mutation { updateUser(id: ${id}, input: { ${input} }) { user { id } } }`);

async function withPeers(count: number) {
  const app = await startTestApp();
  const wg0 = app.wireguard.interface();
  const peers = Array.from({ length: count }, () => wg0.addPeer());
  await app.polled();
  return { app, wg0, peers };
}

describe('users sorted by', () => {
  it('their rate have those without traffic first, and change with it', async () => {
    const { app, peers } = await withPeers(3);
    const [first, second] = peers;
    if (first === undefined || second === undefined) throw new Error('There is no peer.');
    first.rxBytes += 2_000n;
    second.txBytes += 1_000n;
    app.clock.advance(1_000);
    await app.eventually('the rates', async () => (await inOrder(app, 'RATE'))[0] === '3');
  });

  it('the traffic of today are counted from midnight', async () => {
    const { app, peers } = await withPeers(3);
    const [first, second, third] = peers;
    if (!first || !second || !third) throw new Error('There is no peer.');
    first.rxBytes += 9_000n;
    await app.polled();
    app.clock.advance(86_400_000);
    await app.polled();
    second.rxBytes += 500n;
    third.txBytes += 700n;
    await app.polled();
    expect(await inOrder(app, 'TODAY')).toEqual(['1', '2', '3']);
    expect(await inOrder(app, 'TODAY', true)).toEqual(['3', '2', '1']);
    expect(await inOrder(app, 'TOTAL_RX', true)).toEqual(['1', '2', '3']);
  });

  it('the used share of their quota have those without a quota first', async () => {
    const { app, peers } = await withPeers(3);
    const [first, second] = peers;
    if (first === undefined || second === undefined) throw new Error('There is no peer.');
    await set(app, 1, 'dataLimit: 10');
    await set(app, 2, 'dataLimit: 1000');
    first.rxBytes += 5n * 1_048_576n;
    second.rxBytes += 50n * 1_048_576n;
    await app.polled();
    expect(await inOrder(app, 'QUOTA_USED')).toEqual(['3', '2', '1']);
  });

  it('their expiry have those who never lose access last', async () => {
    const { app } = await withPeers(3);
    await set(app, 2, 'expiresAt: "2031-01-01T00:00:00Z"');
    await set(app, 3, 'expiresAt: "2030-01-01T00:00:00Z"');
    expect(await inOrder(app, 'EXPIRES_AT')).toEqual(['3', '2', '1']);
  });

  it('being online have those who are offline first', async () => {
    const { app, wg0, peers } = await withPeers(3);
    const [first] = peers;
    if (first === undefined) throw new Error('There is no peer.');
    wg0.shakeHands(first);
    await app.polled();
    expect(await inOrder(app, 'ONLINE')).toEqual(['2', '3', '1']);
    expect((await inOrder(app, 'ONLINE', true))[0]).toBe('1');
  });
});
