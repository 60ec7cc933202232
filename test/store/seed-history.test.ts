import { expect, it } from 'vitest';
import { demoHistory } from '../../src/demo/history.ts';
import { calendarOf } from '../../src/domain/time/calendar.ts';
import { seedHistory } from '../../src/store/seed-history.ts';
import { zoneOf } from '../../src/store/traffic/levels.ts';
import { openedDatabase } from '../fixtures/traffic-series.ts';

it('a seeded history has the same bytes in users, sessions and days, by user and of all', async () => {
  const { db } = await openedDatabase();
  const now = new Date('2026-07-01T12:00:00Z');
  const calendar = calendarOf('Asia/Shanghai');
  await seedHistory(db, zoneOf(calendar), demoHistory(now.getTime(), calendar), now);
  const rows = (sql: string) => db.$queryRawUnsafe<Record<string, unknown>[]>(sql);
  const ofUsers = await rows(`SELECT "id", "rx", "tx" FROM "User" ORDER BY "id"`);
  expect(ofUsers.length).toBeGreaterThan(10);
  const sums = `SUM("rx") AS "rx", SUM("tx") AS "tx"`;
  expect(
    await rows(`SELECT "userId" AS "id", ${sums} FROM "Session" GROUP BY 1 ORDER BY 1`),
  ).toEqual(ofUsers);
  expect(
    await rows(
      `SELECT "userId" AS "id", ${sums} FROM "TrafficDay" WHERE "userId" > 0 GROUP BY 1 ORDER BY 1`,
    ),
  ).toEqual(ofUsers);
  const ofAll = await rows(`SELECT ${sums} FROM "User"`);
  expect(await rows(`SELECT ${sums} FROM "TrafficDay" WHERE "userId" = 0`)).toEqual(ofAll);
  expect(await rows(`SELECT ${sums} FROM "TrafficHour" WHERE "userId" = 0`)).toEqual(ofAll);
});
