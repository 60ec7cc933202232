/** What both servers of the benchmark have in common: the users, and their parent's orders. */
export const USERS = 100;

/** New rates of all users; always as many digits, so that every message has about the same size. */
export function newRates() {
  const digits = (from) => from + Math.floor(Math.random() * 9e8) / 1e3;
  return Array.from({ length: USERS }, (_, index) => ({
    userId: index + 1,
    rxBytesPerSecond: digits(1e5),
    txBytesPerSecond: digits(1e6),
  }));
}

/**
 * Runs the commands of the parent process: `tick` sends new rates to all clients, `usage` reports the
 * resources that the process has used so far. Its clients connect to `url`.
 */
export function serve({ url, tick }) {
  process.on('message', (command) => {
    if (command === 'tick') {
      const tickedAt = process.hrtime.bigint();
      tick();
      process.send({ tickedAt: String(tickedAt) });
    } else if (command === 'usage') {
      const { user, system } = process.cpuUsage();
      process.send({
        cpuMs: (user + system) / 1000,
        rssMb: process.memoryUsage().rss / 1024 / 1024,
      });
    }
  });
  process.once('disconnect', () => process.exit());
  process.send({ listening: url });
}
