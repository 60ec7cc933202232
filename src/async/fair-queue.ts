import { AppError } from '../domain/errors.ts';

export interface FairQueueLimits {
  /** The number of tasks of one client that run at the same time. */
  readonly perClient: number;
  /** The number of tasks of all clients that run at the same time. */
  readonly total: number;
  /** The number of tasks of one client that may wait. */
  readonly waiting: number;
}

/** Runs a limited number of tasks at a time, in round-robin order of the clients. */
export interface FairQueue {
  /**
   * Tasks of one client start in the order of the calls. Rejects with an `AppError` if too many of them are
   * already waiting.
   */
  run<T>(client: string, task: () => Promise<T>): Promise<T>;
}

interface Client {
  running: number;
  readonly waiting: (() => void)[];
}

/** Creates a queue that yields to the event loop after each task, so that other work can run. */
export function fairQueue({ perClient, total, waiting }: FairQueueLimits): FairQueue {
  /** In the order of their turns. */
  const clients = new Map<string, Client>();
  let running = 0;

  const beginWaiting = () => {
    for (const [name, client] of [...clients]) {
      if (running >= total) return;
      if (client.running >= perClient) continue;
      const begin = client.waiting.shift();
      if (begin === undefined) continue;
      clients.delete(name);
      clients.set(name, client);
      begin();
    }
  };
  const end = (name: string, client: Client) => {
    running--;
    client.running--;
    if (client.running === 0 && client.waiting.length === 0) clients.delete(name);
    beginWaiting();
  };
  const begin = (client: Client) => {
    running++;
    client.running++;
  };

  return {
    run: async (name, task) => {
      const client = clients.get(name) ?? { running: 0, waiting: [] };
      clients.set(name, client);
      if (running >= total || client.running >= perClient || client.waiting.length > 0) {
        if (client.waiting.length >= waiting) throw tooManyWaiting(waiting);
        await new Promise<void>((resolve) => {
          client.waiting.push(() => {
            begin(client);
            resolve();
          });
        });
      } else begin(client);
      try {
        return await task();
      } finally {
        setImmediate(end, name, client);
      }
    },
  };
}

function tooManyWaiting(waiting: number): AppError {
  return new AppError('RATE_LIMITED', {
    en: `${waiting} of your requests are already waiting; send more after some have been answered.`,
    zh: `您已有 ${waiting} 个请求在等待；请在部分请求得到响应后再发送。`,
  });
}
