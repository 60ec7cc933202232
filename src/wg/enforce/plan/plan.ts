import type { Plan, PlanContext, PolicyUpdate, Steps } from '../../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import { updateOf } from './bookkeeping.ts';
import { stepsOf } from './diff.ts';
import { factsOf, situationOf } from './placement.ts';
import { planQuota } from './quota-warning.ts';
import { reloadsIn } from './reloads.ts';
import { appliedStateOf } from './state.ts';

/**
 * What must be recorded and done so that WireGuard matches the declared state. Pure. For each user: the
 * situation of its peer (placement), the steps to take (diff), the state to show, and what to record.
 */
export function planOf(policies: readonly PeerPolicy[], context: PlanContext): Plan {
  const reloads = reloadsIn(policies, context);
  const reloaded = new Set(reloads.map((reload) => reload.interface));
  const updates: PolicyUpdate[] = [];
  const steps: Steps = { clearings: [], removals: [], writes: [] };
  const erasures: PeerPolicy[] = [];
  for (const declared of policies) {
    const facts = factsOf(declared, context, reloaded);
    const situation = situationOf(facts, context);
    const { clearings = [], removals = [], writes = [] } = stepsOf(situation, facts, context);
    steps.clearings.push(...clearings);
    steps.removals.push(...removals);
    steps.writes.push(...writes);
    const applied = appliedStateOf(situation, facts);
    const update = updateOf(declared, facts, situation, applied, planQuota(declared));
    if (update !== null) updates.push(update);
    if (declared.isDeleted && situation === 'OFF' && facts.isKnown) erasures.push(declared);
  }
  return { reloads, updates, ...steps, erasures };
}
