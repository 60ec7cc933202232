import type { CUT_REASONS } from '../domain/enforcement/policy.ts';
import type * as resolve from '../resolvers/user/enforcement.ts';
import { builder } from './builder.ts';

export const EnforcementState = builder.enumType('EnforcementState', {
  description: "Whether a user's peer is on its interface.",
  values: {
    PRESENT: { description: 'On the interface.' },
    ABSENT: { description: 'Not on the interface.' },
    PENDING: { description: 'Requested, but not applied yet.' },
    MISSING: { description: 'Removed outside wgql, which does not restore it without a request.' },
    UNKNOWN: {
      description:
        'WireGuard cannot be read now, or the peer is on an interface that wgql does not monitor.',
    },
  } as const,
});

const CutReason = builder.enumType('CutReason', {
  description: 'Why a peer must be off its interface.',
  values: {
    DISABLED: { description: 'An administrator disabled the user.' },
    EXPIRED: { description: 'The user has expired.' },
    QUOTA_EXCEEDED: { description: 'The quota for the current period is used up.' },
    DELETED: { description: 'The user is being deleted.' },
  } satisfies Record<(typeof CUT_REASONS)[number], { description: string }>,
});

export const Enforcement = builder.objectRef<resolve.Enforcement>('Enforcement').implement({
  description: "The required state of a user's peer, and whether it is applied.",
  fields: (t) => ({
    desired: t.expose('desired', {
      type: EnforcementState,
      description: 'The required state of the peer: PRESENT or ABSENT.',
    }),
    applied: t.expose('applied', {
      type: EnforcementState,
      description: 'The current state of the peer; PENDING until the required state is applied.',
    }),
    reason: t.expose('reason', {
      type: CutReason,
      nullable: true,
      description: 'Why the peer must be absent; null if it must be present.',
    }),
    lastError: t.string({
      nullable: true,
      resolve: ({ lastError }, _, ctx) => lastError?.[ctx.language] ?? null,
      description:
        'Why the last attempt failed, in one sentence; null if it did not fail. The role viewer sees only that it failed.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'When `applied` took its current value; null if unknown.',
    }),
  }),
});
