import * as resolve from '../resolvers/live/traffic.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';
import { latestOf, stream } from './stream.ts';
import { User } from './user.ts';

const Rate = builder.objectRef<resolve.Rate>('Rate').implement({
  description: 'How fast a user moves bytes, between the last two polls.',
  fields: (t) => ({
    user: t.field({ type: User, description: 'Who.', resolve: ({ user }) => user }),
    rxBytesPerSecond: t.exposeFloat('rxBytesPerSecond', {
      description: 'Bytes a second that the server received from the peer.',
    }),
    txBytesPerSecond: t.exposeFloat('txBytesPerSecond', {
      description: 'Bytes a second that the server sent to the peer.',
    }),
  }),
});

builder.subscriptionField('liveTraffic', (t) =>
  t.field({
    type: [Rate],
    args: {
      userIds: t.arg.idList({ description: 'Only these users, at most 1000; null is all.' }),
      minIntervalMs: t.arg.int({
        description:
          'The least time between two answers, in milliseconds, up to 3600000; null is as often as WireGuard is read.',
      }),
    },
    description:
      'The users whose rate has changed, each with its newest one; a user that stops comes once, with zeros.',
    subscribe: (_, args, ctx) => stream(ctx, resolve.liveTraffic(ctx, args)),
    resolve: (rates, _, ctx) => inTurns(ctx, latestOf(rates)),
  }),
);
