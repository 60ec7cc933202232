import { describe, expect, it } from 'vitest';
import { fairQueue } from '../../src/async/fair-queue.ts';
import { deferred } from '../fixtures/test-store.ts';

const LIMITS = { perClient: 1, total: 2, waiting: 100 };

describe('a fair queue', () => {
  it('gives each client one turn before any client has a second one', async () => {
    const queue = fairQueue({ ...LIMITS, total: 1 });
    const order: string[] = [];
    const run = (client: string, task: string) =>
      queue.run(client, async () => void order.push(task));
    const tasks = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'];
    await Promise.all(tasks.map((task) => run(task[0] as string, task)));
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('runs no more tasks at a time than allowed, per client and in total', async () => {
    const queue = fairQueue({ perClient: 2, total: 3, waiting: 100 });
    const running = { a: 0, b: 0 };
    const most = { a: 0, b: 0, all: 0 };
    const run = (client: 'a' | 'b') =>
      queue.run(client, async () => {
        running[client]++;
        most[client] = Math.max(most[client], running[client]);
        most.all = Math.max(most.all, running.a + running.b);
        await new Promise(setImmediate);
        running[client]--;
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => run(index < 30 ? 'a' : 'b')));
    expect(most).toEqual({ a: 2, b: 2, all: 3 });
  });

  it('runs tasks of other clients while one client’s tasks do not end', async () => {
    const queue = fairQueue(LIMITS);
    const { promise, resolve } = deferred();
    const hanging = queue.run('a', () => promise);
    const waiting = queue.run('a', async () => {});
    expect(await queue.run('b', async () => 'answered')).toBe('answered');
    resolve();
    await Promise.all([hanging, waiting]);
  });

  it('rejects excess tasks of one client, and no tasks of others', async () => {
    const queue = fairQueue({ ...LIMITS, waiting: 1 });
    const { promise, resolve } = deferred();
    const accepted = [queue.run('a', () => promise), queue.run('a', async () => {})];
    await expect(queue.run('a', async () => {})).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await queue.run('b', async () => {});
    resolve();
    await Promise.all(accepted);
    await queue.run('a', async () => {});
  });

  it('continues after a task that fails', async () => {
    const queue = fairQueue(LIMITS);
    await expect(queue.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow();
    expect(await queue.run('a', async () => 1)).toBe(1);
  });

  it('yields to the event loop between two tasks of a client', async () => {
    const queue = fairQueue(LIMITS);
    const order: string[] = [];
    const first = queue.run('a', async () => void setImmediate(() => order.push('turn')));
    await Promise.all([first, queue.run('a', async () => void order.push('second'))]);
    expect(order).toEqual(['turn', 'second']);
  });
});
