import { describe, expect, it } from 'vitest';
import { startFleet } from '../rest/support.ts';

type Row = Record<string, unknown>;

/** An instant of GraphQL as REST writes it in Kathmandu, 5:45 ahead of UTC. */
function local(at: unknown): string | null {
  if (at === null) return null;
  const shifted = new Date(Date.parse(at as string) + (5 * 60 + 45) * 60_000);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

const flag = (value: unknown) => (value ? 1 : 0);

const addressOf = (endpoint: unknown) => (endpoint as string | null)?.replace(/:\d+$/, '') ?? '';

/** Byte counts that no double holds, a limit, an expiry, an ended session and a disabled user. */
async function startLived() {
  const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Kathmandu' } });
  app.online.rxBytes += 9_007_199_254_740_993n;
  app.online.txBytes += 17n;
  await app.polled();
  app.clock.advance(60_000);
  app.wireguard.interface().shakeHands(app.offline);
  await app.polled();
  app.clock.advance(170_000);
  app.offline.rxBytes += 5n;
  await app.polled();
  await app.post('/api/users/1/update', {
    nickname: '张三',
    mail: 'a@example.com',
    expiry_date: '2027-01-01',
    bandwidth_limit: 9,
    data_limit: 10,
  });
  await app.rest('/api/users/1/disable');
  await app.polled();
  return app;
}

/** REST's answer with its integers as text, since `JSON.parse` rounds the large ones. */
async function restRows(app: Awaited<ReturnType<typeof startLived>>, path: string): Promise<Row[]> {
  const { text } = await app.rest(path);
  const exact = text.replace(/("(?:total|session|today)_[rt]x":|"[rt]x":)(\d+)/g, '$1"$2"');
  const parsed = JSON.parse(exact);
  return Array.isArray(parsed) ? parsed : [parsed];
}

describe('REST and GraphQL', () => {
  it('return the same data of every user', async () => {
    const app = await startLived();
    const { data } = await app.graphql(`{ users { totalCount edges { node {
      id publicKey nickname mail phone endpoint bandwidthLimit dataLimit expiresAt isOnline enabled
      totalRx totalTx createdAt updatedAt session { startedAt }
      sessions(first: 1) { edges { node { startedAt } } }
    } } } }`);
    const nodes: Row[] = data.users.edges.map(({ node }: { node: Row }) => node);
    const latest = (node: Row) => {
      const { edges } = node.sessions as { edges: { node: { startedAt: string } }[] };
      return local(edges[0]?.node.startedAt ?? null);
    };
    const users = await restRows(app, '/api/users');
    expect(users).toEqual(
      nodes.map((node) => ({
        id: Number(node.id),
        peer_pubkey: node.publicKey,
        nickname: node.nickname,
        mail: node.mail,
        phone: node.phone,
        login_ip: addressOf(node.endpoint),
        bandwidth_limit: node.bandwidthLimit,
        data_limit: node.dataLimit,
        expiry_date: local(node.expiresAt),
        status: flag(node.isOnline),
        enabled: flag(node.enabled),
        total_rx: node.totalRx,
        total_tx: node.totalTx,
        last_login: latest(node),
        created_at: local(node.createdAt),
        updated_at: local(node.updatedAt),
      })),
    );
    const managed = await restRows(app, '/api/users/management');
    expect(managed.map((user) => [user.is_online, user.session_start])).toEqual(
      nodes.map((node) => [
        flag(node.isOnline),
        local((node.session as { startedAt: string } | null)?.startedAt ?? null),
      ]),
    );
    expect(users.map(({ status }) => status)).toEqual([0, 1]);
    const { headers } = await app.rest('/api/users');
    expect(Number(headers.get('x-total-count'))).toBe(data.users.totalCount);
  });

  it('return the same data of every session', async () => {
    const app = await startLived();
    const { data } = await app.graphql(`{ sessions { edges { node {
      id startedAt endedAt lastSeenAt endpoint rx tx user { id nickname publicKey } } } } }`);
    const history = await restRows(app, '/api/events/history');
    expect(history).toHaveLength(2);
    expect(history.map(({ duration_seconds, ...rest }) => rest)).toEqual(
      data.sessions.edges.map(({ node }: { node: Row & { user: Row } }) => ({
        id: Number(node.id),
        user_id: Number(node.user.id),
        nickname: node.user.nickname,
        peer_pubkey: node.user.publicKey,
        start_time: local(node.startedAt),
        end_time: local(node.endedAt),
        last_update: local(node.lastSeenAt),
        session_rx: node.rx,
        session_tx: node.tx,
        login_ip: addressOf(node.endpoint),
        endpoint_info: node.endpoint,
        status: node.endedAt === null ? 'ONLINE' : 'OFFLINE',
      })),
    );
  });

  it('return the same dashboard, status and traffic', async () => {
    const app = await startLived();
    const { data } = await app.graphql(`{
      dashboard { totalUsers onlineUsers activeSessions totalRx totalTx todayRx todayTx recordStart }
      status { running lastPollAt onlineWindowSeconds pollIntervalSeconds uptimeSeconds version
        totalUsers onlineUsers interfaces { name listenPort peers online rx tx up } }
      traffic(bucket: DAY, from: "2026-01-09T12:00:00Z") { start rx tx }
    }`);
    const [dashboard] = await restRows(app, '/api/dashboard');
    expect(dashboard).toEqual({
      total_users: data.dashboard.totalUsers,
      online_users: data.dashboard.onlineUsers,
      active_sessions: data.dashboard.activeSessions,
      total_rx: data.dashboard.totalRx,
      total_tx: data.dashboard.totalTx,
      today_rx: data.dashboard.todayRx,
      today_tx: data.dashboard.todayTx,
      uptime_start: local(data.dashboard.recordStart),
    });
    expect(data.dashboard.totalRx).toBe('9007199254740998');
    const [status] = await restRows(app, '/api/status');
    expect(status).toMatchObject({
      max_handshake_age: data.status.onlineWindowSeconds,
      total: data.status.totalUsers,
      online: data.status.onlineUsers,
      running: flag(data.status.running),
      last_poll: local(data.status.lastPollAt),
      poll_interval: data.status.pollIntervalSeconds,
      uptime_seconds: data.status.uptimeSeconds,
      version: data.status.version,
    });
    expect(status?.interfaces).toEqual(
      data.status.interfaces.map(({ listenPort, up, ...rest }: Row) => ({
        ...rest,
        up: Number(up),
        public_key: '',
        listen_port: listenPort,
      })),
    );
    const chart = await restRows(app, '/api/traffic/chart?days=7');
    expect(chart).toEqual(
      data.traffic.map(({ start, rx, tx }: Row) => ({
        date: local(start)?.slice(0, 10),
        total_rx: rx,
        total_tx: tx,
      })),
    );
  });

  it('have the same effect on a user', async () => {
    const app = await startFleet();
    await app.graphql('mutation { setUserEnabled(id: 1, enabled: false) { user { id } } }');
    expect((await app.rest('/api/users')).body[0].enabled).toBe(0);
    await app.rest('/api/users/1/enable');
    const { data } = await app.graphql('{ user(id: 1) { enabled } }');
    expect(data.user.enabled).toBe(true);
    const refused = await app.rest('/api/users/9/enable', { headers: { 'accept-language': 'en' } });
    const { errors } = await app.graphql('mutation { resetTraffic(id: 9) { user { id } } }');
    expect(errors?.[0]?.extensions.code).toBe(refused.body.code);
    expect(errors?.[0]?.message).toBe(refused.body.message);
  });
});
