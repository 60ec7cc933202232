import { describe, expect, it } from 'vitest';
import { startTestApp } from '../fixtures/test-app.ts';
import { expectError, readAll } from './support.ts';

interface SessionNode {
  readonly id: string;
  readonly startedAt: string;
}

/** Six sessions of two users; two of them start at the same time. */
async function withSessions() {
  const app = await startTestApp();
  const wg0 = app.wireguard.interface();
  await app.polled();
  const peers = [wg0.addPeer(), wg0.addPeer()] as const;
  for (const who of [[0], [1], [0], [0, 1]]) {
    for (const index of who) wg0.shakeHands(peers[index as 0 | 1]);
    await app.polled();
    app.clock.advance(3600_000);
  }
  wg0.shakeHands(peers[0]);
  await app.polled();
  return app;
}

describe('sessions', () => {
  it('can be read page by page, newest first, including ties', async () => {
    const app = await withSessions();
    const query = (pageArgs: string) => `sessions(${pageArgs}) {
      totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id startedAt } } }`;
    for (const first of [1, 2, 4, 6]) {
      const { nodes, totalCount } = await readAll<SessionNode>(app, query, first);
      expect(totalCount).toBe(6);
      expect(nodes.map(({ id }) => id)).toEqual(['6', '5', '4', '3', '2', '1']);
      const starts = nodes.map(({ startedAt }) => startedAt);
      expect(starts).toEqual([...starts].sort().reverse());
      expect(starts[1]).toBe(starts[2]);
    }
    const { data } = await app.graphql(
      '{ user(id: 2) { sessions(first: 1) { totalCount pageInfo { hasNextPage } edges { node { id user { id } } } } } }',
    );
    expect(data.user.sessions).toEqual({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      edges: [{ node: { id: '5', user: { id: '2' } } }],
    });
  });

  it('are filtered by user, state and time, and show when and why they ended', async () => {
    const app = await withSessions();
    const ids = async (filter: string) => {
      const { data, errors } = await app.graphql(
        `{ sessions(filter: ${filter}) { totalCount edges { node { id } } } }`,
      );
      expect(errors).toBeUndefined();
      const found = data.sessions.edges.map((edge: { node: SessionNode }) => edge.node.id);
      expect(data.sessions.totalCount).toBe(found.length);
      return found.join('');
    };
    expect(await ids('{ userId: 2 }')).toBe('52');
    expect(await ids('{ userId: 9 }')).toBe('');
    expect(await ids('{ open: true }')).toBe('6');
    expect(await ids('{ open: false }')).toBe('54321');
    expect(await ids('{ to: "2026-01-15T13:00:00Z" }')).toBe('1');
    expect(await ids('{ to: "2026-01-15T13:00:00.001Z" }')).toBe('21');
    expect(await ids('{ from: "2026-01-15T15:00:00Z" }')).toBe('654');
    expect(await ids('{ from: "2026-01-15T23:00:00.001+08:00" }')).toBe('6');
    expect(await ids('{ userId: 1, open: false, from: "2026-01-15T13:30:00Z" }')).toBe('43');
    const bad = await app.graphql('{ sessions(filter: { userId: "x" }) { totalCount } }');
    expectError(bad, 'INVALID_ARGUMENT', ['userId']);

    // Sessions end at the last activity, with a reason.
    app.wireguard.interface().peers.clear();
    await app.polled();
    const { data } = await app.graphql(
      '{ sessions(first: 2) { edges { node { endReason startedAt endedAt } } } }',
    );
    expect(data.sessions.edges).toEqual([
      {
        node: {
          endReason: 'PEER_REMOVED',
          startedAt: '2026-01-15T16:00:00.000Z',
          endedAt: '2026-01-15T16:00:00.000Z',
        },
      },
      {
        node: {
          endReason: 'MONITOR_GAP',
          startedAt: '2026-01-15T15:00:00.000Z',
          endedAt: '2026-01-15T15:00:00.000Z',
        },
      },
    ]);
  });
});

describe('events', () => {
  it('are the log, oldest first, with pages from any known id', async () => {
    const app = await withSessions();
    const query = (pageArgs: string) => `events(${pageArgs}) {
      totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id type at } } }`;
    const whole = await readAll<{ id: string; type: string; at: string }>(app, query, 1000);
    const ids = whole.nodes.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(whole.nodes[0]).toMatchObject({ id: '1', type: 'INTERFACE_UP' });
    expect(whole.nodes.filter(({ type }) => type === 'SESSION_STARTED')).toHaveLength(6);
    expect(whole.nodes.filter(({ type }) => type === 'SESSION_ENDED')).toHaveLength(5);
    for (const first of [1, 3]) {
      expect((await readAll(app, query, first)).nodes).toEqual(whole.nodes);
    }
    const { data } = await app.graphql(
      '{ events(after: "3", first: 2) { edges { node { id } } totalCount } }',
    );
    expect(data.events.edges).toEqual([{ node: { id: '4' } }, { node: { id: '5' } }]);
    expect(data.events.totalCount).toBe(whole.totalCount);
  });

  it('are filtered by type, user and time, and contain the user, the session and the reason', async () => {
    const app = await withSessions();
    const events = async (filter: string) => {
      const { data, errors } = await app.graphql(
        `{ events(filter: ${filter}) { totalCount edges { node { type userId user { id } session { id } interface endpoint reason } } } }`,
      );
      expect(errors).toBeUndefined();
      return data.events.edges.map((edge: { node: unknown }) => edge.node);
    };
    const started = await events('{ types: [SESSION_STARTED], userIds: [2] }');
    expect(started).toEqual(
      ['2', '5'].map((id) => ({
        type: 'SESSION_STARTED',
        userId: '2',
        user: { id: '2' },
        session: { id },
        interface: null,
        endpoint: '192.0.2.1:40000',
        reason: null,
      })),
    );
    const ended = await app.graphql(
      '{ events(filter: { types: [SESSION_ENDED] }, first: 1) { edges { node { reason reasons } } } }',
    );
    const { reason, reasons } = ended.data.events.edges[0].node;
    expect(reasons).toEqual([reason]);
    expect(await events('{ types: [] }')).toEqual([]);
    expect(await events('{ userIds: [9] }')).toEqual([]);
    const added = await events('{ types: [PEER_ADDED, INTERFACE_UP] }');
    expect(added.map(({ type }: { type: string }) => type)).toEqual([
      'INTERFACE_UP',
      'PEER_ADDED',
      'PEER_ADDED',
    ]);
    expect(added[0]).toMatchObject({ userId: null, user: null, interface: 'wg0' });
    const late = await events('{ types: [SESSION_STARTED], from: "2026-01-15T16:00:00Z" }');
    expect(late).toHaveLength(1);
    expect(await events('{ types: [SESSION_STARTED], to: "2026-01-15T16:00:00Z" }')).toHaveLength(
      5,
    );
    const bad = await app.graphql('{ events(filter: { userIds: ["1", "x"] }) { totalCount } }');
    expectError(bad, 'INVALID_ARGUMENT', ['userIds']);
  });
});
