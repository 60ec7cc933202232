import { describe, expect, it } from 'vitest';
import { turns } from '../../../src/store/database/turns.ts';

/** Lets everything happen that waits for nothing from outside. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns on one connection', () => {
  it('keep a statement out of an open transaction', async () => {
    const take = turns();
    const order: string[] = [];
    const end = await take.transaction();
    const statement = take.statement(async () => void order.push('statement'));
    await settled();
    order.push('end');
    end();
    await statement;
    expect(order).toEqual(['end', 'statement']);
  });

  it('let a statement wait for one transaction, however many are queued', async () => {
    const take = turns();
    const order: string[] = [];
    const transaction = async (name: string) => {
      const end = await take.transaction();
      await settled();
      order.push(name);
      end();
    };
    const all = ['a', 'b', 'c'].map(transaction);
    all.push(take.statement(async () => void order.push('statement')));
    await Promise.all(all);
    expect(order).toEqual(['a', 'statement', 'b', 'c']);
  });

  it('let a transaction begin only when no statement runs', async () => {
    const take = turns();
    const order: string[] = [];
    let finish: () => void = () => {};
    const statement = take.statement(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push('statement');
    });
    const transaction = take.transaction().then((end) => {
      order.push('transaction');
      end();
    });
    await settled();
    finish();
    await Promise.all([statement, transaction]);
    expect(order).toEqual(['statement', 'transaction']);
  });

  it('do not let a continuous series of statements delay a transaction', async () => {
    const take = turns();
    let hasBegun = false;
    let statements = 0;
    const loop = async (): Promise<void> => {
      while (!hasBegun && statements < 1000) {
        await take.statement(async () => {
          statements++;
          await settled();
        });
      }
    };
    const loops = [loop(), loop(), loop()];
    await settled();
    const end = await take.transaction();
    hasBegun = true;
    end();
    await Promise.all(loops);
    expect(statements).toBeLessThan(20);
  });

  it('continue after a statement that failed', async () => {
    const take = turns();
    await expect(take.statement(() => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    (await take.transaction())();
    expect(await take.statement(async () => 'yes')).toBe('yes');
  });
});
