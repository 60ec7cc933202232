import { liveStatus } from '../resolvers/live/snapshots.ts';
import type { InterfaceOverview } from '../resolvers/records.ts';
import * as resolve from '../resolvers/status.ts';
import { builder } from './builder.ts';
import { latestOf, stream } from './stream.ts';

const Interface = builder.objectRef<InterfaceOverview>('Interface').implement({
  description: 'A WireGuard interface that is or was watched.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name on the server, such as wg0.' }),
    publicKey: t.exposeString('publicKey', {
      nullable: true,
      description: "The server's public key on it; null is none.",
    }),
    listenPort: t.exposeInt('listenPort', {
      nullable: true,
      description: 'The UDP port it listens on; null is none.',
    }),
    up: t.exposeBoolean('up', {
      description: 'Whether the system has it now; one that is long gone stays in the list.',
    }),
    lastReadAt: t.expose('lastReadAt', {
      type: 'DateTime',
      description: 'When it was last read whole, or last found to be gone.',
    }),
    peers: t.exposeInt('peers', { description: 'Peers on it at the last good read; 0 when down.' }),
    online: t.exposeInt('online', { description: 'Those of them whose users are online.' }),
    rx: t.expose('rx', {
      type: 'BigInt',
      description: "Bytes received: the sum of WireGuard's own counters at the last good read.",
    }),
    tx: t.expose('tx', {
      type: 'BigInt',
      description: "Bytes sent: the sum of WireGuard's own counters at the last good read.",
    }),
  }),
});

const Status = builder.objectRef<resolve.Status>('Status').implement({
  description: 'How the program and the interfaces it watches are doing.',
  fields: (t) => ({
    running: t.exposeBoolean('running', { description: 'Whether the watching goes on.' }),
    stale: t.exposeBoolean('stale', {
      description:
        'Whether something has not been read for longer than the online window, so that numbers may be out of date.',
    }),
    managing: t.exposeBoolean('managing', {
      description: 'Whether the program may write to WireGuard.',
    }),
    demo: t.exposeBoolean('demo', {
      description: 'Whether all this is a simulated fleet and no real WireGuard.',
    }),
    lastPollAt: t.expose('lastPollAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The last poll that read an interface and was written; null is none yet.',
    }),
    lastError: t.string({
      nullable: true,
      description: 'What stands in the way and how to mend it, in one sentence; null is nothing.',
      resolve: (status, _, ctx) => status.lastError?.[ctx.language] ?? null,
    }),
    interfaces: t.field({
      type: [Interface],
      description: 'The interfaces, by name.',
      resolve: (status) => [...status.interfaces],
    }),
    onlineUsers: t.exposeInt('onlineUsers', { description: 'Users that are online now.' }),
    missingUsers: t.exposeInt('missingUsers', {
      description:
        'Managed users whose peer was removed from WireGuard by somebody else; it stays off until they are enabled again.',
    }),
    totalUsers: t.exposeInt('totalUsers', { description: 'All users.' }),
    onlineWindowSeconds: t.exposeInt('onlineWindowSeconds', {
      description: 'How old a proof of life may be: WGQL_ONLINE_WINDOW_S.',
    }),
    pollIntervalSeconds: t.exposeFloat('pollIntervalSeconds', {
      description: 'The time between two polls: WGQL_POLL_INTERVAL_MS, in seconds.',
    }),
    uptimeSeconds: t.exposeInt('uptimeSeconds', {
      description: 'How long the program has been running.',
    }),
    version: t.exposeString('version', { description: "The program's version." }),
  }),
});

builder.queryField('status', (t) =>
  t.field({
    type: Status,
    description: 'How the program and the interfaces it watches are doing.',
    resolve: (_, __, ctx) => resolve.status(ctx, {}),
  }),
);

builder.subscriptionField('status', (t) =>
  t.field({
    type: Status,
    description: 'The status now, then again whenever more of it has changed than times alone.',
    subscribe: (_, __, ctx) => stream(ctx, liveStatus(ctx, {})),
    resolve: latestOf,
  }),
);
