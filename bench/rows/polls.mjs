import { measurePolls } from '../lib/poll.mjs';
import { ms } from '../lib/report.mjs';

export const polls = {
  title: 'Polls',
  notes: `CPU time of the whole process for each poll of a daemon's socket. Prisma's engine took longer than SQLite:
[ADR 15](adr/0015-polls-are-written-without-prisma.md).`,
  measure: async ({ built, add }) => {
    for (const peers of [1_000, 10_000]) {
      const { cpuMs, handMs, longestMs } = await measurePolls(built, { peers, moving: peers });
      add({
        what: `CPU of a poll, ${peers} peers that all move`,
        against: 'reading the same socket, and one upsert with json_each',
        ours: `${ms(cpuMs)}, blocks at most ${ms(longestMs)}`,
        baseline: ms(handMs),
        ratio: cpuMs / handMs,
        wanted: '–',
      });
    }
  },
};
