import type { UserRecord } from '../resolvers/records.ts';
import { personal } from '../resolvers/redaction.ts';
import { traffic } from '../resolvers/traffic.ts';
import { enforcementOf } from '../resolvers/user/enforcement.ts';
import * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { Enforcement } from './enforcement.ts';
import { inTurns } from './in-turns.ts';
import { Quota } from './quota.ts';
import { Bucket, ByteCount, TrafficPoint } from './traffic.ts';

const Usage = builder.objectRef<UserRecord>('Usage').implement({
  description: 'What a user moved, by span of time.',
  fields: (t) => ({
    today: t.field({
      type: ByteCount,
      description: 'Since midnight in the configured time zone.',
      resolve: (user, _, ctx) => ctx.loaders.today.load(user.id),
    }),
    month: t.field({
      type: ByteCount,
      description: 'Since the first of the month in the configured time zone.',
      resolve: (user, _, ctx) => ctx.loaders.month.load(user.id),
    }),
    total: t.field({
      type: ByteCount,
      description: 'Since the last manual reset, or since the record began.',
      resolve: (user) => resolve.totalOf(user),
    }),
  }),
});

export const User = builder.prismaObject('User', {
  description: 'A user of the VPN: whoever holds one public key.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number, the same as in the REST API.' }),
    publicKey: t.exposeString('publicKey', {
      description: "The peer's WireGuard public key: base64 of 32 bytes, 44 characters.",
    }),
    nickname: t.exposeString('nickname', {
      description: 'A name for people; empty when unset, User_<id> for a discovered peer.',
    }),
    mail: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'mail'),
      description: 'Mail address; empty when unset, null when you may not see it.',
    }),
    phone: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'phone'),
      description: 'Phone number; empty when unset, null when you may not see it.',
    }),
    note: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'note'),
      description: "The operators' own note; empty when unset, null when you may not see it.",
    }),
    interface: t.exposeString('interface', {
      nullable: true,
      description:
        'The WireGuard interface the user was declared for or first seen on; null is none yet.',
    }),
    allowedIps: t.stringList({
      nullable: true,
      description:
        'Prefixes the peer may use inside the tunnel; null when none are known, or when you may not see them.',
      resolve: (user, _, ctx) =>
        personal(ctx, user, 'allowedIps')
          ?.split(',')
          .filter((prefix) => prefix !== ''),
    }),
    persistentKeepalive: t.exposeInt('persistentKeepaliveSeconds', {
      nullable: true,
      description: 'Seconds between keepalive packets that the server sends; null is off.',
    }),
    enabled: t.exposeBoolean('enabled', { description: "The administrator's switch." }),
    managed: t.exposeBoolean('managed', {
      description:
        "Whether this program owns the peer's presence; false for a peer that was only discovered.",
    }),
    isOnline: t.exposeBoolean('online', {
      description:
        'Whether the newest proof of life is at most one online window and one poll old.',
    }),
    endpoint: t.string({
      nullable: true,
      resolve: (user, _, ctx) => personal(ctx, user, 'endpoint'),
      description:
        'The last address the client was seen at, as ip:port; null is never, or when you may not see it.',
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The last proof of life; null is never.',
    }),
    bandwidthLimit: t.exposeInt('bandwidthLimit', {
      description: 'KB/s in each direction (1 KB = 1024 bytes); 0 is no limit.',
    }),
    dataLimit: t.exposeInt('dataLimit', {
      description: 'MB, both directions together (1 MB = 1048576 bytes); 0 is no limit.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on the user is cut off; null is never.',
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
      description: 'What the user moved today, this month and in total.',
      resolve: (user) => user,
    }),
    quota: t.field({
      type: Quota,
      description: 'How much the user may move, and how much it has.',
      resolve: (user, _, ctx) => resolve.quotaOf(ctx, user),
    }),
    enforcement: t.field({
      type: Enforcement,
      description: 'What is asked for the user, and whether it is in force.',
      resolve: (user, _, ctx) => enforcementOf(ctx, user),
    }),
    traffic: t.field({
      type: [TrafficPoint],
      args: {
        bucket: t.arg({
          type: Bucket,
          required: true,
          description: 'How long each point is.',
        }),
        from: t.arg({
          type: 'DateTime',
          description:
            'The oldest instant wanted; null is today for short buckets, 30 days for DAY, 12 months for MONTH.',
        }),
        to: t.arg({ type: 'DateTime', description: 'The end, not included; null is now.' }),
      },
      description: "The user's traffic by bucket, oldest first, empty buckets included.",
      resolve: async (user, args, ctx) =>
        inTurns(ctx, await traffic(ctx, { ...args, userId: String(user.id) })),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the user was created, or its peer first seen.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When an administrator last changed it; equal to createdAt when none did.',
    }),
  }),
});

export const UserConnection = defineConnection<UserRecord>('User', User);
