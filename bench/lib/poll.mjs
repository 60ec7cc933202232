/** What a poll costs beside what it cannot do without, in CPU time of a whole process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { child } from './child.mjs';

const EVERY_MS = 1_000;
const SETTLE_MS = 6_000;
const MEASURE_MS = 15_000;

const perPoll = (before, after) => (after.cpuMs - before.cpuMs) / (after.polls - before.polls);

/** CPU of a poll, longest waits of others, and memory; `moving` of the peers move between two polls. */
export async function measurePolls(built, { peers, moving }) {
  const [daemon, handDaemon] = [child('daemon.mjs'), child('daemon.mjs')];
  const [program, hand] = [child(built), child('poll-by-hand.mjs')];
  const { socketPath } = await daemon.ask({ peers, moving });
  await program.ask({ socketPath });
  const other = await handDaemon.ask({ peers, moving });
  await hand.ask({ socketPath: other.socketPath, isMoving: moving > 0, everyMs: EVERY_MS });
  await sleep(SETTLE_MS);
  const before = [await program.ask({}), await hand.ask({})];
  await sleep(MEASURE_MS);
  const [ours, byHand] = [await program.ask({ isMetered: true }), await hand.ask({})];
  await sleep(MEASURE_MS);
  const { longestMs, wait99Ms } = await program.ask({});
  for (const one of [program, hand, daemon, handDaemon]) await one.stop();
  return {
    cpuMs: perPoll(before[0], ours),
    handMs: perPoll(before[1], byHand),
    longestMs,
    wait99Ms,
    rssMb: ours.rssMb,
  };
}
