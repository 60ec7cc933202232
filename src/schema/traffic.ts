import type { ByteCount as ByteCountRecord } from '../resolvers/records.ts';
import type * as Traffic from '../resolvers/traffic.ts';
import { traffic } from '../resolvers/traffic.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';

export const ByteCount = builder.objectRef<ByteCountRecord>('ByteCount').implement({
  description: 'Bytes in both directions, as WireGuard counts them: its own overhead included.',
  fields: (t) => ({
    rx: t.expose('rx', {
      type: 'BigInt',
      description: 'Bytes the server received from the peer.',
    }),
    tx: t.expose('tx', { type: 'BigInt', description: 'Bytes the server sent to the peer.' }),
  }),
});

export const Bucket = builder.enumType('Bucket', {
  description: 'How long one point of a traffic series is.',
  values: {
    QUARTER_HOUR: { description: '15 minutes; kept for WGQL_KEEP_QUARTER_HOURS_DAYS days.' },
    HOUR: { description: 'An hour of the time zone; kept for WGQL_KEEP_HOURS_DAYS days.' },
    DAY: { description: 'A calendar day of the time zone, of 23 or 25 hours at times.' },
    MONTH: { description: 'A calendar month of the time zone.' },
  } as const,
});

export const TrafficPoint = builder.objectRef<Traffic.TrafficPoint>('TrafficPoint').implement({
  description: 'What moved in one bucket of time.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'The start of the bucket.' }),
    end: t.expose('end', { type: 'DateTime', description: 'Its end, not included.' }),
    rx: t.expose('rx', { type: 'BigInt', description: 'Bytes received from the peers.' }),
    tx: t.expose('tx', { type: 'BigInt', description: 'Bytes sent to the peers.' }),
    estimated: t.exposeBoolean('estimated', {
      description: 'Whether a part was counted over a gap in the record and spread evenly over it.',
    }),
  }),
});

builder.queryFields((t) => ({
  traffic: t.field({
    type: [TrafficPoint],
    args: {
      from: t.arg({
        type: 'DateTime',
        description:
          'The oldest instant wanted, moved back to the start of its bucket; null is today for short buckets, 30 days for DAY, 12 months for MONTH.',
      }),
      to: t.arg({ type: 'DateTime', description: 'The end, not included; null is now.' }),
      bucket: t.arg({ type: Bucket, required: true, description: 'How long each point is.' }),
      timeZone: t.arg.string({
        description: 'The IANA zone whose hours, days and months are meant; null: the server’s.',
      }),
      userId: t.arg.id({ description: 'Only this user; null is all together.' }),
    },
    description:
      'Traffic by bucket, oldest first, empty buckets included. INVALID_ARGUMENT names the oldest time that can be served where older traffic is kept in larger steps.',
    resolve: async (_, args, ctx) => inTurns(ctx, await traffic(ctx, args)),
  }),
}));
