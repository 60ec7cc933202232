import * as resolve from '../resolvers/live/presence.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';
import { Session } from './session.ts';
import { latestOf, stream } from './stream.ts';
import { User } from './user.ts';

const Presence = builder.objectRef<resolve.Presence>('Presence').implement({
  description: 'Whether a user is online, as of a change of that.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who.',
      resolve: (presence) => presence.user,
    }),
    isOnline: t.exposeBoolean('isOnline', { description: 'Whether the user is online now.' }),
    at: t.expose('at', {
      type: 'DateTime',
      description: 'Since when: the start of the session, or the last proof of life.',
    }),
    session: t.field({
      type: Session,
      nullable: true,
      description: 'The open session; null while offline.',
      resolve: (presence) => presence.session,
    }),
  }),
});

builder.subscriptionField('presence', (t) =>
  t.field({
    type: [Presence],
    args: {
      userIds: t.arg.idList({ description: 'Only these users, at most 1000; null is all.' }),
    },
    description: 'First everyone who is online, then everyone whose presence changed.',
    subscribe: (_, args, ctx) => stream(ctx, resolve.presence(ctx, args)),
    resolve: (presence, _, ctx) => inTurns(ctx, latestOf(presence)),
  }),
);
