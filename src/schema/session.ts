import type { END_REASONS } from '../domain/tracking/end-reason.ts';
import type { SessionRecord } from '../resolvers/records.ts';
import { personal } from '../resolvers/redaction.ts';
import * as resolve from '../resolvers/session.ts';
import { openSessionOf } from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { defineConnection, pageArgs } from './connection.ts';
import { User } from './user.ts';

const EndReason = builder.enumType('EndReason', {
  description: 'Why a session ended.',
  values: {
    TIMEOUT: { description: 'The client was silent for longer than the online window.' },
    MONITOR_GAP: { description: 'The interface was not read for longer than the online window.' },
    PEER_REMOVED: { description: 'The peer was removed from the interface by others.' },
    INTERFACE_DOWN: { description: 'The interface went down and the online window passed.' },
    DISABLED: { description: 'wgql removed the peer: the user was disabled.' },
    EXPIRED: { description: 'wgql removed the peer: the user expired.' },
    QUOTA_EXCEEDED: { description: 'wgql removed the peer: the quota was used up.' },
    DELETED: { description: 'wgql removed the peer: the user was deleted.' },
    KICKED: { description: 'wgql removed the peer for a moment: the user was kicked.' },
    MOVED: { description: 'wgql moved the peer to another interface.' },
  } satisfies Record<(typeof END_REASONS)[number], { description: string }>,
});

export const Session = builder.prismaObject('Session', {
  description:
    'A span in which a user was online: from the handshake that began it to the last proof of life.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number, the same as in the REST API.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'Whose session it is; null when the user was deleted meanwhile.',
      resolve: (session, _, ctx) => resolve.userOfSession(ctx, session),
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'The handshake that made the user online.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The last proof of life before the user went offline; null while it is open.',
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'The last proof of life: a completed handshake, or bytes under a valid key.',
    }),
    endpoint: t.string({
      nullable: true,
      resolve: (session, _, ctx) => personal(ctx, session, 'endpoint'),
      description:
        'The last address of the client in it, as ip:port; null is not known, or when you may not see it.',
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
      description: 'Why it ended; null while it is open.',
      resolve: ({ endReason }) => endReason as (typeof END_REASONS)[number] | null,
    }),
  }),
});

export const SessionConnection = defineConnection<SessionRecord>('Session', Session);

const SessionFilter = builder.inputType('SessionFilter', {
  description: 'Which sessions; absent or null fields do not narrow.',
  fields: (t) => ({
    userId: t.id({ description: 'Only those of this user.' }),
    open: t.boolean({ description: 'Only open ones, or only ended ones.' }),
    from: t.field({
      type: 'DateTime',
      description: 'Only those that are open or ended at or after this instant.',
    }),
    to: t.field({ type: 'DateTime', description: 'Only those that started before this instant.' }),
  }),
});

builder.prismaObjectFields(User, (t) => ({
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
      filter: t.arg({ type: SessionFilter, description: 'Which sessions; null is all.' }),
    },
    description: 'The sessions, newest first.',
    resolve: (_, args, ctx) => resolve.sessions(ctx, args),
  }),
}));
