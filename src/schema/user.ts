import type { UserRecord } from '../store/records.ts';
import { traffic } from '../resolvers/traffic.ts';
import * as resolve from '../resolvers/user.ts';
import { builder } from './builder.ts';
import { defineConnection, pageArgs } from './connection.ts';
import { Bucket, ByteCount, TrafficPoint } from './traffic.ts';

const QuotaPeriod = builder.enumType('QuotaPeriod', {
  description: 'How often a quota starts anew, on the calendar of the configured time zone.',
  values: {
    NONE: { description: 'Only by a manual reset.' },
    DAY: { description: 'At midnight.' },
    WEEK: { description: 'On Monday at midnight.' },
    MONTH: { description: 'On the first of the month at midnight.' },
  } as const,
});
export { QuotaPeriod };

const EnforcementState = builder.enumType('EnforcementState', {
  description: "Where a user's peer is.",
  values: {
    PRESENT: { description: 'On the interface.' },
    ABSENT: { description: 'Not on the interface.' },
    PENDING: { description: 'Asked for, and not in force yet.' },
    MISSING: { description: 'Taken off by somebody else, and not put back behind their back.' },
    UNKNOWN: { description: 'WireGuard cannot be read now.' },
  } as const,
});

const Quota = builder.objectRef<resolve.Quota>('Quota').implement({
  description: 'How much a user may move, both directions together, and how much it has.',
  fields: (t) => ({
    limit: t.expose('limit', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes; null is no limit.',
    }),
    used: t.expose('used', {
      type: 'BigInt',
      description: "Bytes since the quota's last start: creation, reset or a new period.",
    }),
    left: t.expose('left', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes until the limit, 0 when it is reached; null is no limit.',
    }),
    period: t.field({
      type: QuotaPeriod,
      description: 'How often the quota starts anew.',
      resolve: (quota) => quota.period as 'NONE',
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The start of the next period; null when there are no periods.',
    }),
  }),
});

const Enforcement = builder.objectRef<resolve.Enforcement>('Enforcement').implement({
  description: 'What is asked for a user, and whether it is in force.',
  fields: (t) => ({
    desired: t.expose('desired', {
      type: EnforcementState,
      description: 'Where the peer shall be: PRESENT or ABSENT.',
    }),
    applied: t.expose('applied', {
      type: EnforcementState,
      description: 'Where it is; PENDING while what is asked is not in force.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'Why it shall be absent: DISABLED, EXPIRED or QUOTA_EXCEEDED; null when it shall be present.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'What stood in the way at the last try, in one sentence; null is nothing.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when `applied` has been so; null is not known.',
    }),
  }),
});

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
    mail: t.exposeString('mail', {
      nullable: true,
      description: 'Mail address; empty when unset, null when you may not see it.',
    }),
    phone: t.exposeString('phone', {
      nullable: true,
      description: 'Phone number; empty when unset, null when you may not see it.',
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: "The operators' own note; empty when unset, null when you may not see it.",
    }),
    interface: t.exposeString('interface', {
      nullable: true,
      description:
        'The WireGuard interface the user was declared for or first seen on; null is none yet.',
    }),
    allowedIps: t.stringList({
      nullable: true,
      description: 'Prefixes the peer may use inside the tunnel; null when none are known.',
      resolve: ({ allowedIps }) =>
        allowedIps === null ? null : allowedIps.split(',').filter((prefix) => prefix !== ''),
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
    endpoint: t.exposeString('endpoint', {
      nullable: true,
      description: 'The last address the client was seen at, as ip:port; null is never.',
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
      resolve: (user, _, ctx) => resolve.enforcementOf(ctx, user),
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
      resolve: async (user, args, ctx) => [
        ...(await traffic(ctx, { ...args, userId: String(user.id) })),
      ],
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the user was created, or its peer first seen.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: "When an administrator last changed it; equal to createdAt when none did.",
    }),
  }),
});

export const UserConnection = defineConnection<UserRecord>('User', User);

const UserFilter = builder.inputType('UserFilter', {
  description: 'Which users; absent or null fields do not narrow.',
  fields: (t) => ({
    search: t.string({ description: 'A part of the nickname, mail or public key.' }),
    online: t.boolean({ description: 'Only who is online, or only who is not.' }),
    enabled: t.boolean({ description: "Only where the administrator's switch stands so." }),
    managed: t.boolean({ description: 'Only who is managed, or only who is not.' }),
    interface: t.string({ description: 'Only users of this interface.' }),
  }),
});

const UserOrder = builder.inputType('UserOrder', {
  description: 'How to sort users.',
  fields: (t) => ({
    field: t.field({
      required: true,
      description: 'What to sort by; the id decides between equals.',
      type: builder.enumType('UserOrderField', {
        description: 'What users can be sorted by.',
        values: {
          ID: { description: 'The id.' },
          NICKNAME: { description: 'The nickname, by code points.' },
          LAST_SEEN: { description: 'The last proof of life; never comes first.' },
          CREATED_AT: { description: 'The creation.' },
          TOTAL_RX: { description: 'Bytes received since the last reset.' },
          TOTAL_TX: { description: 'Bytes sent since the last reset.' },
        } as const,
      }),
    }),
    descending: t.boolean({ description: 'Largest first. Absent or null: smallest first.' }),
  }),
});

builder.queryFields((t) => ({
  users: t.field({
    type: UserConnection,
    args: {
      ...pageArgs,
      filter: t.arg({ type: UserFilter, description: 'Which users; null is all.' }),
      orderBy: t.arg({ type: UserOrder, description: 'How to sort them; null is by id.' }),
    },
    description: 'The users.',
    resolve: (_, args, ctx) => resolve.users(ctx, args),
  }),
  user: t.field({
    type: User,
    nullable: true,
    args: {
      id: t.arg.id({ description: 'The id of the user.' }),
      publicKey: t.arg.string({ description: 'The public key of the user.' }),
    },
    description:
      'One user, by exactly one of the two arguments (else INVALID_ARGUMENT); null when there is none.',
    resolve: (_, args, ctx) => resolve.user(ctx, args),
  }),
}));

