import { describe, expect, it } from 'vitest';
import { demoHistory } from '../../src/demo/history.ts';
import { demoWireGuard } from '../../src/demo/wireguard.ts';
import { calendarOf } from '../../src/domain/time/calendar.ts';
import { systemClock } from '../../src/domain/time/clock.ts';
import { startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();

interface Shown {
  readonly nickname: string;
  readonly isOnline: boolean;
  readonly enforcement: {
    readonly desired: string;
    readonly applied: string;
    readonly reason: string | null;
  };
  readonly interface: string;
  readonly totalTx: string;
  readonly quota: { readonly limit: string | null; readonly used: string };
  readonly traffic: readonly { readonly tx: string }[];
}

describe('the demo', () => {
  it('has a year of history that adds up, and shows each state of a user', async () => {
    const program = await startProgram({
      cwd: folder.path,
      args: ['demo'],
      env: { WGQL_POLL_INTERVAL_MS: '100', WGQL_MANAGE: 'on', WGQL_INTERFACES: '' },
    });
    await waitFor('the first poll', async () => (await fetch(`${program.url}/readyz`)).ok);
    const ask = async (query: string) => {
      const answer = await fetch(`${program.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const { data, errors } = (await answer.json()) as { data: never; errors?: unknown };
      expect(errors).toBeUndefined();
      return data as {
        users: { edges: { node: Shown }[] };
        sessions: { totalCount: number };
        traffic: { start: string; tx: string }[];
      };
    };
    const users = async () => {
      const { users: found } =
        await ask(`{ users(first: 14, orderBy: { field: ID }) { edges { node {
        nickname isOnline interface totalTx enforcement { desired applied reason }
        quota { limit used } } } } }`);
      return new Map(found.edges.map(({ node }) => [node.nickname, node]));
    };
    await waitFor('all limits to be applied', async () =>
      [...(await users()).values()].every(
        ({ enforcement: { desired, applied } }) => desired === applied || applied === 'MISSING',
      ),
    );
    const known = await users();
    const stateOf = (name: string) => known.get(name)?.enforcement;
    expect(stateOf('Ada laptop')).toMatchObject({ applied: 'PRESENT' });
    expect(stateOf('Emil')).toMatchObject({ applied: 'ABSENT', reason: 'EXPIRED' });
    expect(stateOf('Fatima')).toMatchObject({ applied: 'ABSENT', reason: 'QUOTA_EXCEEDED' });
    expect(stateOf('Gustav')).toMatchObject({ applied: 'ABSENT', reason: 'DISABLED' });
    expect(stateOf('Hana')).toMatchObject({ applied: 'MISSING' });
    expect(new Set([...known.values()].map((user) => user.interface))).toEqual(
      new Set(['demo0', 'demo1']),
    );
    const chen = known.get('Chen Wei');
    expect(Number(chen?.quota.used)).toBeLessThan(Number(chen?.quota.limit));
    const { sessions, traffic } = await ask(`{
      sessions(first: 1) { totalCount }
      traffic(bucket: MONTH, from: "2000-01-01T00:00:00Z") { start tx } }`);
    expect(sessions.totalCount).toBeGreaterThan(5_000);
    expect(traffic.filter(({ tx }) => tx !== '0').length).toBeGreaterThanOrEqual(12);
  });

  it('ends before it starts, and is the same each time', async () => {
    const now = Date.UTC(2026, 6, 1, 12);
    const history = demoHistory(now, calendarOf('Asia/Shanghai'));
    expect(history.length).toBeGreaterThan(10);
    for (const { sessions, createdAt } of history) {
      const times = sessions.flatMap(({ startMs, endMs }) => [startMs, endMs]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.min(now, ...times)).toBeGreaterThanOrEqual(createdAt.getTime());
      expect(Math.max(0, ...times)).toBeLessThan(now);
    }
    expect(demoHistory(now, calendarOf('Asia/Shanghai'))).toEqual(history);
  });

  it('has a peer for each of its users who is not missing', async () => {
    const { interfaces } = await demoWireGuard(systemClock).read(new AbortController().signal);
    const peers = interfaces.flatMap(({ read }) => (read.kind === 'read' ? read.peers : []));
    const keys = new Set(peers.map(({ publicKey }) => publicKey));
    const missing = demoHistory(Date.now(), calendarOf('UTC')).filter(
      ({ publicKey }) => !keys.has(publicKey),
    );
    expect(missing.map((user) => [user.nickname, user.missing])).toEqual([['Hana', true]]);
  });
});
