import type * as z from 'zod';
import type { Text } from '../domain/errors.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Context } from '../resolvers/context.ts';
import type { Dashboard } from '../resolvers/overview/dashboard.ts';
import type { Status } from '../resolvers/overview/status.ts';
import type { SessionOfUser, UserRecord } from '../resolvers/records.ts';
import { personal } from '../resolvers/redaction.ts';
import type { TrafficPoint } from '../resolvers/traffic.ts';
import { totalOf } from '../resolvers/user/queries.ts';
import type * as answers from './contract/answers.ts';

type Answer<Name extends keyof typeof answers> = z.output<(typeof answers)[Name]>;

/** Formats a local time; null stays null. */
function time(calendar: Calendar, at: Date): string;
function time(calendar: Calendar, at: Date | null): string | null;
function time(calendar: Calendar, at: Date | null): string | null {
  return at === null ? null : calendar.formatTime(at);
}

function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** Returns the address of an endpoint without its port; empty if there is no endpoint. */
export function addressOf(endpoint: string | null): string {
  if (endpoint === null) return '';
  const colon = endpoint.lastIndexOf(':');
  return (colon < 0 ? endpoint : endpoint.slice(0, colon)).replace(/^\[|\]$/g, '');
}

export function presentUser(
  ctx: Context,
  user: UserRecord,
  lastLoginAt: Date | null,
): Answer<'userAnswer'> {
  const { calendar } = ctx;
  const total = totalOf(user);
  return {
    id: user.id,
    peer_pubkey: user.publicKey,
    nickname: user.nickname,
    mail: personal(ctx, user, 'mail') ?? '',
    phone: personal(ctx, user, 'phone') ?? '',
    login_ip: addressOf(personal(ctx, user, 'endpoint')),
    bandwidth_limit: user.bandwidthLimit,
    data_limit: user.dataLimit,
    expiry_date: time(calendar, user.expiresAt),
    status: flag(user.online),
    enabled: flag(user.enabled),
    total_rx: total.rx,
    total_tx: total.tx,
    last_login: time(calendar, lastLoginAt),
    created_at: time(calendar, user.createdAt),
    updated_at: time(calendar, user.updatedAt),
  };
}

export function presentManagedUser(
  ctx: Context,
  user: UserRecord,
  lastLoginAt: Date | null,
): Answer<'managedUserAnswer'> {
  const { calendar } = ctx;
  const total = totalOf(user);
  return {
    id: user.id,
    peer_pubkey: user.publicKey,
    nickname: user.nickname,
    mail: personal(ctx, user, 'mail') ?? '',
    phone: personal(ctx, user, 'phone') ?? '',
    login_ip: addressOf(personal(ctx, user, 'endpoint')),
    status: flag(user.online),
    enabled: flag(user.enabled),
    is_online: flag(user.online),
    total_rx: total.rx,
    total_tx: total.tx,
    last_login: time(calendar, lastLoginAt),
    session_start: user.online ? time(calendar, lastLoginAt) : null,
  };
}

export function presentSession(
  ctx: Context,
  now: Date,
  session: SessionOfUser,
): Answer<'sessionAnswer'> {
  const { calendar } = ctx;
  const endpoint = personal(ctx, session, 'endpoint');
  const end = session.endedAt ?? now;
  const durationMs = Math.max(0, end.getTime() - session.startedAt.getTime());
  return {
    id: session.id,
    user_id: session.userId,
    nickname: session.user.nickname,
    peer_pubkey: session.user.publicKey,
    start_time: time(calendar, session.startedAt),
    end_time: time(calendar, session.endedAt),
    last_update: time(calendar, session.lastSeenAt),
    session_rx: session.rx,
    session_tx: session.tx,
    duration_seconds: Math.floor(durationMs / 1000),
    login_ip: addressOf(endpoint),
    endpoint_info: endpoint ?? '',
    status: session.endedAt === null ? 'ONLINE' : 'OFFLINE',
  };
}

export function presentStatus(
  calendar: Calendar,
  status: Status,
  language: keyof Text,
): Answer<'statusAnswer'> {
  const names = status.interfaces.filter(({ up }) => up).map(({ name }) => name);
  return {
    interface: names.join(','),
    max_handshake_age: status.onlineWindowSeconds,
    total: status.totalUsers,
    online: status.onlineUsers,
    active_sessions: status.activeSessions,
    running: flag(status.running),
    interfaces: status.interfaces.map((one) => ({
      name: one.name,
      public_key: one.publicKey ?? '',
      listen_port: one.listenPort,
      peers: one.peers,
      online: one.online,
      rx: one.rx,
      tx: one.tx,
      // An interface that no longer exists stays in the list, with zeros.
      up: flag(one.up),
    })),
    last_poll: time(calendar, status.lastPollAt),
    poll_interval: status.pollIntervalSeconds,
    uptime_seconds: status.uptimeSeconds,
    version: status.version,
    stale: flag(status.stale),
    managing: flag(status.managing),
    demo: flag(status.demo),
    missing: status.missingUsers,
    last_error: status.lastError?.[language] ?? null,
  };
}

export function presentDashboard(
  calendar: Calendar,
  dashboard: Dashboard,
): Answer<'dashboardAnswer'> {
  return {
    total_users: dashboard.totalUsers,
    online_users: dashboard.onlineUsers,
    active_sessions: dashboard.activeSessions,
    total_rx: dashboard.totalRx,
    total_tx: dashboard.totalTx,
    today_rx: dashboard.todayRx,
    today_tx: dashboard.todayTx,
    uptime_start: time(calendar, dashboard.recordStart),
  };
}

export function presentDay(calendar: Calendar, point: TrafficPoint): Answer<'dayAnswer'> {
  return {
    date: calendar.formatDay(point.start),
    total_rx: point.rx,
    total_tx: point.tx,
  };
}
