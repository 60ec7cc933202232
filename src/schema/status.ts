import { liveStatus } from '../resolvers/live/snapshots.ts';
import * as resolve from '../resolvers/overview/status.ts';
import { builder } from './builder.ts';
import { Interface } from './interface.ts';
import { latestOf, stream } from './stream.ts';

const Retention = builder.objectRef<resolve.Retention>('Retention').implement({
  description:
    'For how many days records are kept; 0 means for ever. Daily traffic, totals and the audit log are never deleted.',
  fields: (t) => ({
    quarterHoursDays: t.exposeInt('quarterHoursDays', {
      description: 'How long traffic is kept by quarter hour; after that, by hour.',
    }),
    hoursDays: t.exposeInt('hoursDays', {
      description: 'How long traffic is kept by hour; after that, by day.',
    }),
    eventsDays: t.exposeInt('eventsDays', { description: 'How long events are kept.' }),
    sessionsDays: t.exposeInt('sessionsDays', {
      description:
        'How long sessions are kept after their end; the latest of a user is always kept.',
    }),
  }),
});

const Status = builder.objectRef<resolve.Status>('Status').implement({
  description: 'The state of wgql and of the interfaces it monitors.',
  fields: (t) => ({
    running: t.exposeBoolean('running', { description: 'Whether monitoring is running.' }),
    stale: t.exposeBoolean('stale', {
      description:
        'Whether any interface has not been read for longer than the online window, so that values may be out of date.',
    }),
    managing: t.exposeBoolean('managing', {
      description: 'Whether wgql may change the WireGuard configuration.',
    }),
    demo: t.exposeBoolean('demo', {
      description: 'Whether wgql runs on simulated data instead of a real WireGuard.',
    }),
    lastPollAt: t.expose('lastPollAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The last poll that read an interface and was stored; null if there was none yet.',
    }),
    lastError: t.string({
      nullable: true,
      description: 'The current problem and how to fix it, in one sentence; null if there is none.',
      resolve: (status, _, ctx) => status.lastError?.[ctx.language] ?? null,
    }),
    lastEventId: t.id({
      description:
        'The id of the newest event that you may see; "0" if there is none. To follow everything that happens after a state, read this, then in another request the state, then subscribe to `events` after this id.',
      resolve: (_, __, ctx) => resolve.lastEventId(ctx),
    }),
    interfaces: t.field({
      type: [Interface],
      description: 'The interfaces, sorted by name.',
      resolve: (status) => [...status.interfaces],
    }),
    onlineUsers: t.exposeInt('onlineUsers', {
      description: 'The number of users who are online now.',
    }),
    missingUsers: t.exposeInt('missingUsers', {
      description:
        'The number of managed users whose peer was removed outside wgql. The peer stays removed until the user is enabled again.',
    }),
    disabledWebhooks: t.exposeInt('disabledWebhooks', {
      description:
        'The number of webhooks that receive nothing because they did not accept messages; 0 for the role self.',
    }),
    totalUsers: t.exposeInt('totalUsers', { description: 'The number of users.' }),
    onlineWindowSeconds: t.exposeInt('onlineWindowSeconds', {
      description:
        'How long a user counts as online after the last activity, in seconds: WGQL_ONLINE_WINDOW_S.',
    }),
    pollIntervalSeconds: t.exposeFloat('pollIntervalSeconds', {
      description: 'The time between two polls, in seconds: WGQL_POLL_INTERVAL_MS / 1000.',
    }),
    uptimeSeconds: t.exposeInt('uptimeSeconds', {
      description: 'How long wgql has been running, in seconds.',
    }),
    version: t.exposeString('version', { description: 'The version of wgql.' }),
    timeZone: t.exposeString('timeZone', {
      description:
        'The IANA name of the configured time zone, in which days and months begin, such as Asia/Shanghai.',
    }),
    serverTime: t.expose('serverTime', {
      type: 'DateTime',
      description: 'The time on the server when the status was read.',
    }),
    retention: t.field({
      type: Retention,
      description: 'For how many days records are kept.',
      resolve: (status) => status.retention,
    }),
  }),
});

builder.queryField('status', (t) =>
  t.field({
    type: Status,
    description: 'The state of wgql and of the interfaces it monitors.',
    resolve: (_, __, ctx) => resolve.status(ctx, {}),
  }),
);

builder.subscriptionField('status', (t) =>
  t.field({
    type: Status,
    description: 'Sends the status now, and again whenever a value other than a time changes.',
    subscribe: (_, __, ctx) => stream(ctx, liveStatus(ctx, {})),
    resolve: latestOf,
  }),
);
