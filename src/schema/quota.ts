import type * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';

export const QuotaPeriod = builder.enumType('QuotaPeriod', {
  description: 'How often a quota resets, by the calendar of the configured time zone.',
  values: {
    NONE: { description: 'Only on a manual reset.' },
    DAY: { description: 'Every day at midnight.' },
    WEEK: { description: 'Every Monday at midnight.' },
    MONTH: { description: 'On the first day of every month at midnight.' },
  } as const,
});

export const Quota = builder.objectRef<resolve.Quota>('Quota').implement({
  description: "A user's traffic quota and its use, both directions together.",
  fields: (t) => ({
    limit: t.expose('limit', {
      type: 'BigInt',
      nullable: true,
      description: 'The quota in bytes; null if there is no limit.',
    }),
    used: t.expose('used', {
      type: 'BigInt',
      description: 'Bytes used since the quota last started: at creation, a reset or a new period.',
    }),
    left: t.expose('left', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes left until the limit, 0 once it is reached; null if there is no limit.',
    }),
    period: t.field({
      type: QuotaPeriod,
      description: 'How often the quota resets.',
      resolve: (quota) => quota.period as 'NONE',
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The start of the next period; null if `period` is NONE.',
    }),
  }),
});
