import type * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';

export const QuotaPeriod = builder.enumType('QuotaPeriod', {
  description: 'How often a quota starts anew, on the calendar of the configured time zone.',
  values: {
    NONE: { description: 'Only by a manual reset.' },
    DAY: { description: 'At midnight.' },
    WEEK: { description: 'On Monday at midnight.' },
    MONTH: { description: 'On the first of the month at midnight.' },
  } as const,
});

export const Quota = builder.objectRef<resolve.Quota>('Quota').implement({
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
