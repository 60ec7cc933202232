import * as resolve from '../resolvers/live/presence.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';
import { Session } from './session.ts';
import { latestOf, stream } from './stream.ts';
import { User } from './user.ts';

const Presence = builder.objectRef<resolve.Presence>('Presence').implement({
  description: "A user's online state and when it last changed.",
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user.',
      resolve: (presence) => presence.user,
    }),
    isOnline: t.exposeBoolean('isOnline', { description: 'Whether the user is online now.' }),
    at: t.expose('at', {
      type: 'DateTime',
      description: 'Since when: the start of the session if online, otherwise the last activity.',
    }),
    session: t.field({
      type: Session,
      nullable: true,
      description: 'The open session; null while the user is offline.',
      resolve: (presence) => presence.session,
    }),
  }),
});

builder.subscriptionField('presence', (t) =>
  t.field({
    type: [Presence],
    args: {
      userIds: t.arg.idList({ description: 'Only these users, at most 1000. Null: all users.' }),
    },
    description: 'Sends all users who are online, then the users whose presence changes.',
    subscribe: (_, args, ctx) => stream(ctx, resolve.presence(ctx, args)),
    resolve: (presence, _, ctx) => inTurns(ctx, latestOf(presence)),
  }),
);
