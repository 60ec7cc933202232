import { measurePolls } from '../lib/poll.mjs';
import { ms } from '../lib/report.mjs';

const CASES = [
  { peers: 1_000, moving: 1_000, wanted: 'at most 4' },
  { peers: 10_000, moving: 10_000, wanted: 'at most 4' },
  { peers: 10_000, moving: 0, wanted: 'at most 2' },
];

export const polls = {
  title: 'Polls',
  notes: `CPU time of the whole process for each poll of a daemon's socket, and how long others wait for the thread (99 % of
the time and at most; wanted 50 and 100 ms). Before, a poll of 10 000 peers took 330 ms, idle or not parsed and compared
each peer as if it were the first time, and wrote four rows for each: [ADR 15](adr/0015-polls-are-written-without-prisma.md),
[ADR 16](adr/0016-traffic-is-rolled-up-as-it-is-booked.md), [ADR 17](adr/0017-peers-that-did-not-change-cost-a-look-up.md).`,
  measure: async ({ built, add }) => {
    for (const { peers, moving, wanted } of CASES) {
      const { cpuMs, handMs, longestMs, wait99Ms } = await measurePolls(built, { peers, moving });
      add({
        what: `a poll of ${peers} peers ${moving > 0 ? 'that all move' : 'at rest'}`,
        against:
          moving > 0
            ? 'reading the same socket, and one upsert with json_each'
            : 'reading the same socket, and splitting it into peers',
        ours: `${ms(cpuMs)}; others wait ${ms(wait99Ms)} (99 %), ${ms(longestMs)} (most)`,
        baseline: ms(handMs),
        ratio: cpuMs / handMs,
        wanted,
      });
    }
  },
};
