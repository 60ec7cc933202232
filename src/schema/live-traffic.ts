import { liveTraffic } from '../resolvers/live/traffic.ts';
import { type Rate as RateRecord, rateOf } from '../resolvers/rate.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';
import { latestOf, stream } from './stream.ts';
import { User } from './user.ts';

const Rate = builder.objectRef<RateRecord>('Rate').implement({
  description: "A user's transfer rate between the last two polls.",
  fields: (t) => ({
    user: t.field({ type: User, description: 'The user.', resolve: ({ user }) => user }),
    rxBytesPerSecond: t.exposeFloat('rxBytesPerSecond', {
      description: 'Bytes per second received from the peer.',
    }),
    txBytesPerSecond: t.exposeFloat('txBytesPerSecond', {
      description: 'Bytes per second sent to the peer.',
    }),
  }),
});

builder.objectFields(User, (t) => ({
  rate: t.field({
    type: Rate,
    description: "The user's transfer rate between the last two polls; zeros if there was none.",
    resolve: (user, _, ctx) => rateOf(ctx, user),
  }),
}));

builder.subscriptionField('liveTraffic', (t) =>
  t.field({
    type: [Rate],
    args: {
      userIds: t.arg.idList({ description: 'Only these users, at most 1000. Null: all users.' }),
      minIntervalMs: t.arg.int({
        description:
          'The minimum time between two messages in milliseconds, at most 3600000. Null: one message for each poll.',
      }),
    },
    description:
      'Sends the latest rate of every user whose rate has changed; a user whose traffic stops is sent once, with zeros.',
    subscribe: (_, args, ctx) => stream(ctx, liveTraffic(ctx, args)),
    resolve: (rates, _, ctx) => inTurns(ctx, latestOf(rates)),
  }),
);
