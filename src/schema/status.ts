import { liveStatus } from '../resolvers/live/snapshots.ts';
import type { InterfaceOverview } from '../resolvers/records.ts';
import * as resolve from '../resolvers/status.ts';
import { builder } from './builder.ts';
import { latestOf, stream } from './stream.ts';

const Interface = builder.objectRef<InterfaceOverview>('Interface').implement({
  description: 'A WireGuard interface that wgql monitors or has monitored.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'The name of the interface on the server, such as wg0.',
    }),
    publicKey: t.exposeString('publicKey', {
      nullable: true,
      description: "The server's public key on this interface; null if none is set.",
    }),
    listenPort: t.exposeInt('listenPort', {
      nullable: true,
      description: 'The UDP port the interface listens on; null if none.',
    }),
    up: t.exposeBoolean('up', {
      description:
        'Whether the interface exists now; interfaces that no longer exist stay in the list.',
    }),
    lastReadAt: t.expose('lastReadAt', {
      type: 'DateTime',
      description: 'When the interface was last read completely, or last found not to exist.',
    }),
    peers: t.exposeInt('peers', {
      description:
        'The number of peers at the last successful read; 0 while the interface is down.',
    }),
    online: t.exposeInt('online', {
      description: 'The number of those peers whose users are online.',
    }),
    rx: t.expose('rx', {
      type: 'BigInt',
      description:
        "Bytes received: the sum of WireGuard's own counters at the last successful read.",
    }),
    tx: t.expose('tx', {
      type: 'BigInt',
      description: "Bytes sent: the sum of WireGuard's own counters at the last successful read.",
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
