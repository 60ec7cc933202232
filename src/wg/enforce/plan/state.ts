import type { AppliedState } from '../../../domain/enforcement/policy.ts';
import { type Facts, isCleared, type Situation } from './placement.ts';

const STATES: Readonly<Record<Situation, AppliedState>> = {
  REMOVE: 'PENDING',
  REMOVE_LATER: 'PENDING',
  OFF: 'ABSENT',
  MISSING: 'MISSING',
  RESTORE: 'PENDING',
  NOT_OURS: 'ABSENT',
  MOVE: 'PENDING',
  MOVE_LATER: 'PENDING',
  CONFIGURE: 'PENDING',
  ON: 'PRESENT',
};

/** The state to show. It is unknown while an interface that may hold the peer cannot be read. */
export function appliedStateOf(situation: Situation, facts: Facts): AppliedState {
  const { observed, isKnown, toRestore, policy } = facts;
  if (observed.length === 0 && !isKnown) return 'UNKNOWN';
  const isHalfRemoved = toRestore.some((removed) => {
    const there = observed.find((one) => one.interface === removed.interface);
    return there !== undefined && isCleared(policy, removed, there.peer);
  });
  return situation === 'ON' && isHalfRemoved ? 'PENDING' : STATES[situation];
}
