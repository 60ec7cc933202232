import type { END_REASONS } from '../domain/tracking/end-reason.ts';
import type { SessionRecord } from '../resolvers/records.ts';
import { personal } from '../resolvers/redaction.ts';
import * as resolve from '../resolvers/session.ts';
import { openSessionOf } from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { defineConnection, pageArgs } from './connection.ts';
import { Node } from './node.ts';
import { User } from './user.ts';

export const END_REASON_VALUES = {
  TIMEOUT: { description: 'The client showed no activity for longer than the online window.' },
  MONITOR_GAP: { description: 'The interface was not read for longer than the online window.' },
  PEER_REMOVED: { description: 'The peer was removed from the interface outside wgql.' },
  INTERFACE_DOWN: { description: 'The interface was down for longer than the online window.' },
  DISABLED: { description: 'wgql removed the peer: the user was disabled.' },
  EXPIRED: { description: 'wgql removed the peer: the user expired.' },
  QUOTA_EXCEEDED: { description: 'wgql removed the peer: the quota was used up.' },
  DELETED: { description: 'wgql removed the peer: the user was deleted.' },
  KICKED: { description: 'wgql removed and restored the peer: the user was kicked.' },
  MOVED: { description: 'wgql moved the peer to another interface.' },
} satisfies Record<(typeof END_REASONS)[number], { description: string }>;

const EndReason = builder.enumType('EndReason', {
  description: 'Why a session ended.',
  values: END_REASON_VALUES,
});

export const Session = builder.prismaObject('Session', {
  description:
    'A period in which a user was online: from the first handshake to the last activity.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number, the same as in the REST API.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user; null if the user has been deleted.',
      resolve: (session, _, ctx) => resolve.userOfSession(ctx, session),
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'The time of the handshake that brought the user online.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The last activity before the user went offline; null while the session is open.',
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'The last activity: a completed handshake, or data received under a valid key.',
    }),
    endpoint: t.string({
      nullable: true,
      resolve: (session, _, ctx) => personal(ctx, session, 'endpoint'),
      description:
        "The client's last address in this session, as ip:port; null if unknown or if you may not see it.",
    }),
    rx: t.expose('rx', {
      type: 'BigInt',
      description: 'Bytes the server received from the peer in this session.',
    }),
    tx: t.expose('tx', {
      type: 'BigInt',
      description: 'Bytes the server sent to the peer in this session.',
    }),
    endReason: t.field({
      type: EndReason,
      nullable: true,
      description: 'Why the session ended; null while it is open.',
      resolve: ({ endReason }) => endReason as (typeof END_REASONS)[number] | null,
    }),
  }),
});

export const SessionConnection = defineConnection<SessionRecord>('Session', Session);

const SessionFilter = builder.inputType('SessionFilter', {
  description: 'Selects sessions. Absent and null fields do not filter.',
  fields: (t) => ({
    userId: t.id({ description: 'Only sessions of this user.' }),
    open: t.boolean({ description: 'true: only open sessions; false: only ended sessions.' }),
    from: t.field({
      type: 'DateTime',
      description: 'Only sessions that are open or ended at or after this time.',
    }),
    to: t.field({ type: 'DateTime', description: 'Only sessions that started before this time.' }),
  }),
});

builder.objectFields(User, (t) => ({
  session: t.field({
    type: Session,
    nullable: true,
    description: 'The open session; null while the user is offline.',
    resolve: (user, _, ctx) => openSessionOf(ctx, user),
  }),
  sessions: t.field({
    type: SessionConnection,
    args: pageArgs,
    description: "The user's sessions, newest first.",
    resolve: (user, args, ctx) =>
      resolve.sessions(ctx, { ...args, filter: { userId: String(user.id) } }),
  }),
}));

builder.queryFields((t) => ({
  sessions: t.field({
    type: SessionConnection,
    args: {
      ...pageArgs,
      filter: t.arg({ type: SessionFilter, description: 'Which sessions to return. Null: all.' }),
    },
    description: 'The sessions that match the filter, newest first.',
    resolve: (_, args, ctx) => resolve.sessions(ctx, args),
  }),
}));
