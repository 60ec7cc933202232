import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AccountingModel,
  type Step,
  stepArbitrary,
  USERS,
} from '../../fixtures/accounting-model.ts';
import { Book } from '../../fixtures/ledger-model.ts';
import { WINDOW } from '../../fixtures/timeline.ts';

const sum = (values: Iterable<bigint>) => [...values].reduce((total, value) => total + value, 0n);

/** What must hold after every step. The book itself refuses sessions that overlap or end early. */
function check(model: AccountingModel, book: Book): void {
  for (const user of USERS) {
    const kept = book.users.get(user);
    const expected = model.totals.get(user);
    expect({ rx: kept?.rx, tx: kept?.tx }).toEqual({ rx: expected?.rx, tx: expected?.tx });
    if (kept === undefined) continue;
    expect([kept.openingRx, kept.openingTx]).toEqual([expected?.openingRx, expected?.openingTx]);

    const buckets = [...kept.traffic.values()];
    expect(sum(buckets.map(({ rx }) => rx))).toBe(kept.rx - kept.openingRx);
    expect(sum(buckets.map(({ tx }) => tx))).toBe(kept.tx - kept.openingTx);
    expect(sum(kept.sessions.map(({ rx }) => rx))).toBeLessThanOrEqual(kept.rx - kept.openingRx);
    expect(sum(kept.sessions.map(({ tx }) => tx))).toBeLessThanOrEqual(kept.tx - kept.openingTx);

    const isOnline = model.timeline.isOnline(user);
    expect(book.openSession(user) !== undefined).toBe(isOnline);
    const provedMs = model.timeline.state.users.get(user)?.provedMs;
    if (isOnline) expect(provedMs).not.toBeNull();
  }
}

function checkProofs(model: AccountingModel): void {
  const { state, monotonicMs } = model.timeline;
  for (const { session, provedMs } of state.users.values()) {
    if (session === null) continue;
    expect(monotonicMs - (provedMs ?? 0)).toBeLessThanOrEqual(
      WINDOW.onlineMs + WINDOW.pollIntervalMs,
    );
  }
}

async function live(steps: readonly Step[]): Promise<void> {
  const book = new Book();
  const model = new AccountingModel(book);
  for (const step of steps) {
    await model.take(step);
    check(model, book);
    if (step.kind === 'poll' && model.lastPollWasWhole) checkProofs(model);
  }
}

describe('booking any sequence of events', () => {
  it('loses nothing that a poll read, books nothing twice, and keeps sessions in order', async () => {
    const steps = fc.array(stepArbitrary, { minLength: 10, maxLength: 60, size: 'max' });
    await fc.assert(fc.asyncProperty(steps, live), { numRuns: 300 });
  });

  it('depends only on the last step between two polls', async () => {
    const steps = fc.array(stepArbitrary, { maxLength: 20 });
    const poll: Step = { kind: 'poll' };
    await fc.assert(
      fc.asyncProperty(steps, async (before) => {
        const book = new Book();
        const model = new AccountingModel(book);
        for (const step of before) await model.take(step);
        await model.take(poll);
        const totals = structuredClone(model.totals);
        // Polls at which nothing moved book nothing.
        for (let i = 0; i < 3; i++) await model.take(poll);
        expect(model.totals).toEqual(totals);
        check(model, book);
      }),
      { numRuns: 100 },
    );
  });
});
