import type { CUT_REASONS } from '../domain/enforcement/policy.ts';
import type * as resolve from '../resolvers/user/enforcement.ts';
import { builder } from './builder.ts';

export const EnforcementState = builder.enumType('EnforcementState', {
  description: "Where a user's peer is.",
  values: {
    PRESENT: { description: 'On the interface.' },
    ABSENT: { description: 'Not on the interface.' },
    PENDING: { description: 'Asked for, and not in force yet.' },
    MISSING: { description: 'Taken off by somebody else, and not put back behind their back.' },
    UNKNOWN: {
      description:
        'WireGuard cannot be read now, or the peer is on an interface that is not watched.',
    },
  } as const,
});

const CutReason = builder.enumType('CutReason', {
  description: 'Why a peer must be off its interface.',
  values: {
    DISABLED: { description: "The administrator's switch is off." },
    EXPIRED: { description: "The user's time is over." },
    QUOTA_EXCEEDED: { description: 'The quota of this period is used up.' },
    DELETED: { description: 'The user is being deleted.' },
  } satisfies Record<(typeof CUT_REASONS)[number], { description: string }>,
});

export const Enforcement = builder.objectRef<resolve.Enforcement>('Enforcement').implement({
  description: 'What is asked for a user, and whether it is in force.',
  fields: (t) => ({
    desired: t.expose('desired', {
      type: EnforcementState,
      description: 'Where the peer shall be: PRESENT or ABSENT.',
    }),
    applied: t.expose('applied', {
      type: EnforcementState,
      description: 'Where it is; PENDING while what is asked is not in force.',
    }),
    reason: t.expose('reason', {
      type: CutReason,
      nullable: true,
      description: 'Why it must be absent; null when it must be present.',
    }),
    lastError: t.string({
      nullable: true,
      resolve: ({ lastError }, _, ctx) => lastError?.[ctx.language] ?? null,
      description:
        'What stood in the way at the last try, in one sentence; null is nothing. Viewers are told no more than that something did.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when `applied` has been so; null is not known.',
    }),
  }),
});
