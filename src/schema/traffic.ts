import type { ByteCount as ByteCountRecord } from '../resolvers/records.ts';
import type * as Traffic from '../resolvers/traffic.ts';
import { traffic } from '../resolvers/traffic.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';

export const ByteCount = builder.objectRef<ByteCountRecord>('ByteCount').implement({
  description: 'Bytes in each direction as counted by WireGuard, including its protocol overhead.',
  fields: (t) => ({
    rx: t.expose('rx', {
      type: 'BigInt',
      description: 'Bytes the server received from the peer.',
    }),
    tx: t.expose('tx', { type: 'BigInt', description: 'Bytes the server sent to the peer.' }),
  }),
});

export const Bucket = builder.enumType('Bucket', {
  description: 'The length of each point in a traffic series.',
  values: {
    QUARTER_HOUR: { description: '15 minutes; kept for WGQL_KEEP_QUARTER_HOURS_DAYS days.' },
    HOUR: { description: 'One hour in the time zone; kept for WGQL_KEEP_HOURS_DAYS days.' },
    DAY: {
      description: 'One calendar day in the time zone; 23 or 25 hours long when the clocks change.',
    },
    MONTH: { description: 'One calendar month in the time zone.' },
  } as const,
});

export const TrafficPoint = builder.objectRef<Traffic.TrafficPoint>('TrafficPoint').implement({
  description: 'The traffic of one bucket.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'The start of the bucket.' }),
    end: t.expose('end', { type: 'DateTime', description: 'The end of the bucket (exclusive).' }),
    rx: t.expose('rx', { type: 'BigInt', description: 'Bytes received from the peers.' }),
    tx: t.expose('tx', { type: 'BigInt', description: 'Bytes sent to the peers.' }),
    estimated: t.exposeBoolean('estimated', {
      description:
        'Whether part of the traffic was counted across a gap in the record and spread evenly over that gap.',
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
          'The start of the range, moved back to the start of its bucket. Null: the day of `to` for QUARTER_HOUR and HOUR, the 30 days up to `to` for DAY, the 12 months up to `to` for MONTH.',
      }),
      to: t.arg({
        type: 'DateTime',
        description:
          'The end of the range (exclusive), moved forward to the end of its bucket. Null: now.',
      }),
      bucket: t.arg({ type: Bucket, required: true, description: 'The length of each point.' }),
      timeZone: t.arg.string({
        description:
          "The IANA time zone of the hours, days and months. Null: the server's time zone.",
      }),
      userId: t.arg.id({
        description: 'Only the traffic of this user. Null: the sum of all users.',
      }),
    },
    description:
      'Traffic by bucket, oldest first, including empty buckets. INVALID_ARGUMENT if part of the traffic is stored only in longer periods; the message gives the earliest possible start.',
    resolve: async (_, args, ctx) => inTurns(ctx, await traffic(ctx, args)),
  }),
}));
