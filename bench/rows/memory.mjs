import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { mb } from '../lib/report.mjs';

const SETTLE_MS = 30_000;

export const memory = {
  title: 'Memory',
  notes: `After half a minute of polls each second. The peers are read from the socket of a daemon in another process. An idle
process has loaded the bundle, 4.6 MB of JavaScript, and SQLite, but not Prisma's query compiler. What a poll needs lives
shorter than the poll, but V8 collects it late: with \`node --heap-growing-percent=80 --max-semi-space-size=8\`, 10 000
moving peers took 223 MB instead of 315 and 1 000 took 138 instead of 176, for 10 to 50 % more CPU time.`,
  measure: async ({ built, add }) => {
    const sizes = [
      [0, '120 MB'],
      [1_000, '150 MB'],
      [10_000, '250 MB'],
    ];
    const running = [];
    for (const [peers, wanted] of sizes) {
      const [daemon, program] = [child('daemon.mjs'), child(built)];
      const { socketPath } = await daemon.ask({ peers, moving: peers });
      await program.ask({ socketPath });
      running.push({ peers, wanted, daemon, program });
    }
    await sleep(SETTLE_MS);
    for (const { peers, wanted, daemon, program } of running) {
      const { rssMb } = await program.ask({});
      add({
        what: peers === 0 ? 'memory (RSS), idle' : `memory (RSS), ${peers} moving peers`,
        ours: mb(rssMb),
        wanted,
      });
      await program.stop();
      await daemon.stop();
    }
  },
};
