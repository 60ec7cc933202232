import { describe, expect, it } from 'vitest';
import { temporaryDatabase } from '../../fixtures/test-store.ts';

describe('a statement for each of many rows', () => {
  it('gives other work a turn after every 500 rows, and computes no row before its turn', async () => {
    const db = await temporaryDatabase();
    let rows = 0;
    let most = 0;
    let isDone = false;
    const watch = () => {
      most = Math.max(most, rows);
      rows = 0;
      if (!isDone) setImmediate(watch);
    };
    setImmediate(watch);
    const keys = Array.from({ length: 5_000 }, (_, index) => `key-${index}`);
    await db.$direct((tx) =>
      tx.each(`INSERT INTO "Meta" ("key", "value") VALUES (?, ?)`, keys, (key) => {
        rows++;
        return [key, ''];
      }),
    );
    isDone = true;
    expect(await db.meta.count()).toBe(5_000);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(500);
  });
});
