import { AppError } from '../domain/errors.ts';

export interface FairQueueLimits {
  /** Tasks of one client that run at a time. */
  readonly perClient: number;
  /** Tasks of all clients that run at a time. */
  readonly total: number;
  /** Tasks of one client that wait. */
  readonly waiting: number;
}

/** Runs tasks of many clients, a few at a time, and gives each client a turn before any has a second one. */
export interface FairQueue {
  /**
   * Tasks of one client begin in the order in which they were given. Rejects with an `AppError` where too
   * many of them wait.
   */
  run<T>(client: string, task: () => Promise<T>): Promise<T>;
}

interface Client {
  running: number;
  readonly waiting: (() => void)[];
}

/** The event loop turns once after each task, so that everything else goes on beside them. */
export function fairQueue({ perClient, total, waiting }: FairQueueLimits): FairQueue {
  /** In the order in which their turns come. */
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
    en: `${waiting} requests of yours wait already; send the next ones when some are answered.`,
    zh: `您已有 ${waiting} 个请求在等待；请在部分请求得到应答后再发送。`,
  });
}
