import { NO_TAGS, tagsOf } from '../domain/tags.ts';
import { listOf } from '../domain/user-fields.ts';
import type { UserRecord } from '../resolvers/records.ts';
import { personal } from '../resolvers/redaction.ts';
import { traffic } from '../resolvers/traffic.ts';
import { enforcementOf } from '../resolvers/user/enforcement.ts';
import * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { Enforcement } from './enforcement.ts';
import { inTurns } from './in-turns.ts';
import { Node } from './node.ts';
import { Quota } from './quota.ts';
import { Bucket, ByteCount, TrafficPoint } from './traffic.ts';

export const Usage = builder.objectRef<readonly UserRecord[]>('Usage').implement({
  description: 'The traffic of a user, or of several users together, in different periods.',
  fields: (t) => ({
    today: t.field({
      type: ByteCount,
      description: 'Since midnight in the configured time zone.',
      resolve: (users, _, ctx) => resolve.usageOf(ctx, 'today', users),
    }),
    month: t.field({
      type: ByteCount,
      description: 'Since the first day of the month in the configured time zone.',
      resolve: (users, _, ctx) => resolve.usageOf(ctx, 'month', users),
    }),
    total: t.field({
      type: ByteCount,
      description: 'Since the last manual reset of each user, or since recording began.',
      resolve: (users) => resolve.totalOfAll(users),
    }),
  }),
});

export const User = builder.objectRef<UserRecord>('User').implement({
  description: 'A VPN user, identified by one public key.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number, the same as in the REST API.' }),
    publicKey: t.exposeString('publicKey', {
      description: "The peer's WireGuard public key: base64 of 32 bytes, 44 characters.",
    }),
    nickname: t.exposeString('nickname', {
      description: 'The display name; empty if unset, User_<id> for a discovered peer.',
    }),
    mail: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'mail'),
      description: 'The mail address; empty if unset, null if you may not see it.',
    }),
    phone: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'phone'),
      description: 'The phone number; empty if unset, null if you may not see it.',
    }),
    note: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'note'),
      description: 'The note for operators; empty if unset, null if you may not see it.',
    }),
    owner: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'owner'),
      description:
        'The name of the person or group the user belongs to; null if none, or if you may not see it.',
    }),
    tags: t.stringList({
      resolve: (user, _, ctx) => tagsOf(personal(ctx, user, 'tags') ?? NO_TAGS),
      description: 'The tags of the user; empty if there are none, or if you may not see them.',
    }),
    interface: t.exposeString('interface', {
      nullable: true,
      description:
        'The WireGuard interface the user was assigned to or first seen on; null if none yet.',
    }),
    allowedIps: t.stringList({
      nullable: true,
      description:
        'Prefixes the peer may use inside the tunnel (AllowedIPs); null if none are known or if you may not see them.',
      resolve: (user, _, ctx) => {
        const stored = personal(ctx, user, 'allowedIps');
        return stored === null ? null : listOf(stored);
      },
    }),
    persistentKeepalive: t.exposeInt('persistentKeepaliveSeconds', {
      nullable: true,
      description: 'Seconds between keepalive packets sent by the server; null if off.',
    }),
    enabled: t.exposeBoolean('enabled', {
      description: 'Whether the user may connect; expiry and quota can still prevent it.',
    }),
    managed: t.exposeBoolean('managed', {
      description:
        'Whether wgql controls the presence of the peer on its interface; false for a discovered peer.',
    }),
    isOnline: t.exposeBoolean('online', {
      description:
        'Whether the last activity is at most one online window plus one poll interval ago.',
    }),
    endpoint: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'endpoint'),
      description:
        "The client's last known address, as ip:port; null if unknown or if you may not see it.",
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The last activity: a completed handshake, or data received under a valid key; null if never.',
    }),
    bandwidthLimit: t.exposeInt('bandwidthLimit', {
      description: 'KB/s in each direction (1 KB = 1024 bytes); 0 means no limit.',
    }),
    dataLimit: t.exposeInt('dataLimit', {
      description: 'MB, both directions together (1 MB = 1048576 bytes); 0 means no limit.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the user loses access; null if never.',
    }),
    totalRx: t.field({
      type: 'BigInt',
      description: 'Bytes the server received from the peer since the last manual reset.',
      resolve: (user) => resolve.totalOf(user).rx,
    }),
    totalTx: t.field({
      type: 'BigInt',
      description: 'Bytes the server sent to the peer since the last manual reset.',
      resolve: (user) => resolve.totalOf(user).tx,
    }),
    usage: t.field({
      type: Usage,
      description: "The user's traffic today, this month and in total.",
      resolve: (user) => [user],
    }),
    quota: t.field({
      type: Quota,
      description: "The user's traffic quota and its use.",
      resolve: (user, _, ctx) => resolve.quotaOf(ctx, user),
    }),
    enforcement: t.field({
      type: Enforcement,
      description: "The required state of the user's peer, and whether it is applied.",
      resolve: (user, _, ctx) => enforcementOf(ctx, user),
    }),
    traffic: t.field({
      type: [TrafficPoint],
      args: {
        bucket: t.arg({
          type: Bucket,
          required: true,
          description: 'The length of each point.',
        }),
        from: t.arg({
          type: 'DateTime',
          description:
            'The start of the range, moved back to the start of its bucket. Null: the day of `to` for QUARTER_HOUR and HOUR, the 30 days up to `to` for DAY, the 12 months up to `to` for MONTH.',
        }),
        to: t.arg({
          type: 'DateTime',
          description:
            'The end of the range (exclusive), moved forward to the end of its bucket. Null: now.',
        }),
      },
      description: "The user's traffic by bucket, oldest first, including empty buckets.",
      resolve: async (user, args, ctx) =>
        inTurns(ctx, await traffic(ctx, { ...args, userId: String(user.id) })),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the user was created, or its peer was first seen.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description:
        'When an administrator last changed the user; equal to createdAt if never changed.',
    }),
  }),
});

export const UserConnection = defineConnection<UserRecord>('User', User);
