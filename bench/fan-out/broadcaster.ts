/** What the processes of the benchmark say to each other. */
export interface Broadcaster {
  /** Where its clients connect. */
  readonly url: string;
  /** Sends a message of the same size to all clients, and goes on at once. */
  tick(): void;
}

export type Told =
  | { readonly listening: string }
  | { readonly tickedAt: string }
  | { readonly cpuMs: number; readonly rssMb: number };

export const USERS = 100;

export const QUERY =
  'subscription { liveTraffic { user { id nickname } rxBytesPerSecond txBytesPerSecond } }';

/** New rates of all users; always as many digits, so that every message has the same size. */
export function newRates() {
  const digits = (from: number) => from + Math.floor(Math.random() * 9e8) / 1e3;
  return Array.from({ length: USERS }, (_, index) => ({
    userId: index + 1,
    rxBytesPerSecond: digits(1e5),
    txBytesPerSecond: digits(1e6),
  }));
}

/** Obeys the parent process: `tick`, and `usage` of the whole process so far. */
export function serve({ url, tick }: Broadcaster): void {
  const tell = (told: Told) => void process.send?.(told);
  process.on('message', (command) => {
    if (command === 'tick') {
      const at = process.hrtime.bigint();
      tick();
      tell({ tickedAt: String(at) });
    } else if (command === 'usage') {
      const { user, system } = process.cpuUsage();
      tell({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1024 / 1024 });
    }
  });
  process.once('disconnect', () => process.exit());
  tell({ listening: url });
}
