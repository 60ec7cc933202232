import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/open.ts';
import { loadState } from '../../../src/store/record/load-state.ts';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import {
  AccountingModel,
  type Step,
  stepArbitrary,
  USERS,
} from '../../fixtures/accounting-model.ts';
import { temporaryDatabase } from '../../fixtures/test-store.ts';

async function wipe(db: Database): Promise<void> {
  await db.session.deleteMany();
  for (const table of ['User', 'Interface', 'Peer', 'Traffic', 'TrafficTotal', 'Event']) {
    await db.$executeRawUnsafe(`DELETE FROM "${table}"`);
  }
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

/** What must hold in the file after every step. */
async function check(db: Database, model: AccountingModel): Promise<void> {
  const traffic = await db.traffic.findMany();
  for (const publicKey of USERS) {
    const expected = model.totals.get(publicKey);
    const user = await db.user.findUnique({
      where: { publicKey },
      include: { sessions: { orderBy: { id: 'asc' } } },
    });
    expect([user?.rx, user?.tx]).toEqual([expected?.rx, expected?.tx]);
    if (user === null || expected === undefined) continue;
    expect([user.quotaMarkRx, user.quotaMarkTx]).toEqual([expected.openingRx, expected.openingTx]);
    const own = traffic.filter(({ userId }) => userId === user.id);
    expect(sum(own.map(({ rx }) => rx))).toBe(user.rx - expected.openingRx);
    expect(sum(own.map(({ tx }) => tx))).toBe(user.tx - expected.openingTx);
    expect(sum(user.sessions.map(({ rx }) => rx))).toBeLessThanOrEqual(user.rx);

    const open = user.sessions.filter(({ endedAt }) => endedAt === null);
    expect(open.length).toBe(user.online ? 1 : 0);
    expect(user.latestSessionId).toBe(user.sessions.at(-1)?.id ?? null);
    let previousEnd = new Date(0);
    for (const { startedAt, endedAt } of user.sessions) {
      expect(startedAt >= previousEnd).toBe(true);
      if (endedAt !== null) expect(endedAt >= startedAt).toBe(true);
      previousEnd = endedAt ?? previousEnd;
    }
  }
  const totals = await db.trafficTotal.findMany();
  expect(sum(totals.map(({ rx }) => rx))).toBe(sum(traffic.map(({ rx }) => rx)));
  expect(sum(totals.map(({ tx }) => tx))).toBe(sum(traffic.map(({ tx }) => tx)));
}

describe('the record in the database', () => {
  it('has what the polls read, across restarts', async () => {
    const db = await temporaryDatabase();
    const live = async (steps: readonly Step[]) => {
      await wipe(db);
      let recorder = createRecorder(db);
      const model = new AccountingModel({
        write: async (changes) => {
          await recorder.record(changes);
        },
        load: (now) => {
          recorder = createRecorder(db);
          return loadState(db, [], now);
        },
      });
      for (const step of steps) await model.take(step);
      await check(db, model);
    };
    const steps = fc.array(stepArbitrary, { minLength: 5, maxLength: 30, size: 'max' });
    await fc.assert(fc.asyncProperty(steps, live), { numRuns: 40 });
  });
});
