import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/open.ts';
import { loadState } from '../../../src/store/record/load-state.ts';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import { ALL_USERS, LEVELS } from '../../../src/store/traffic/levels.ts';
import {
  AccountingModel,
  type Step,
  stepArbitrary,
  USERS,
} from '../../fixtures/accounting-model.ts';
import { temporaryDatabase, UTC } from '../../fixtures/test-store.ts';
import { sumsOfLevels } from '../../fixtures/traffic-rows.ts';

async function wipe(db: Database): Promise<void> {
  await db.session.deleteMany();
  for (const table of ['User', 'Interface', 'Peer', ...LEVELS, 'Event']) {
    await db.$executeRawUnsafe(`DELETE FROM "${table}"`);
  }
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

/** What must hold in the file after every step. */
async function check(db: Database, model: AccountingModel): Promise<void> {
  const levels = await sumsOfLevels(db);
  let booked: readonly [rx: bigint, tx: bigint] = [0n, 0n];
  for (const publicKey of USERS) {
    const expected = model.totals.get(publicKey);
    const user = await db.user.findUnique({
      where: { publicKey },
      include: { sessions: { orderBy: { id: 'asc' } } },
    });
    expect([user?.rx, user?.tx]).toEqual([expected?.rx, expected?.tx]);
    if (user === null || expected === undefined) continue;
    expect([user.quotaMarkRx, user.quotaMarkTx]).toEqual([expected.openingRx, expected.openingTx]);
    booked = [booked[0] + user.rx - expected.openingRx, booked[1] + user.tx - expected.openingTx];
    for (const level of LEVELS) {
      const [rx, tx] = levels[level][user.id] ?? [0n, 0n];
      expect(rx + user.quarterRx).toBe(user.rx - expected.openingRx);
      expect(tx + user.quarterTx).toBe(user.tx - expected.openingTx);
    }
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
  for (const level of LEVELS) expect(levels[level][ALL_USERS] ?? [0n, 0n]).toEqual(booked);
}

describe('the record in the database', () => {
  it('has what the polls read, across restarts', async () => {
    const db = await temporaryDatabase();
    const live = async (steps: readonly Step[]) => {
      await wipe(db);
      let recorder = createRecorder(db, UTC);
      const model = new AccountingModel({
        write: async (changes) => {
          await recorder.record(changes);
        },
        load: (now) => {
          recorder = createRecorder(db, UTC);
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
