import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { mb, ms } from '../lib/report.mjs';

const [FEW, MANY] = [1_000, 50_000];
const SETTLE_MS = 10_000;
const MEASURE_MS = 10_000;

export const growth = {
  title: `From ${FEW} to ${MANY} moving peers`,
  notes: `The ratio is the exponent: 1 means that 50 times as many peers cost 50 times as much. All peers move between two
polls. The memory of an idle process makes the exponent of memory small.`,
  measure: async ({ built, add }) => {
    const [few, many] = [await measure(built, FEW), await measure(built, MANY)];
    const exponent = (key) => Math.log(many[key] / few[key]) / Math.log(MANY / FEW);
    for (const [what, key, unit] of [
      ['CPU of a poll', 'pollMs', ms],
      ['memory (RSS)', 'rssMb', mb],
      ['first GET /api/users after a poll', 'listMs', ms],
    ]) {
      add({
        what: `${what}, ${MANY} peers`,
        ours: unit(many[key]),
        against: `${FEW} peers`,
        baseline: unit(few[key]),
        ratio: exponent(key),
        wanted: 'at most 1.1',
      });
    }
    add({
      what: `longest time that a poll of ${MANY} peers blocks others`,
      ours: ms(many.longestMs),
      wanted: '100 ms',
    });
  },
};

async function measure(built, peers) {
  const [daemon, program, load] = ['daemon.mjs', built, 'load.mjs'].map((file) => child(file));
  const { socketPath } = await daemon.ask({ peers, moving: peers });
  const { url } = await program.ask({ socketPath });
  await sleep(SETTLE_MS);
  const before = await program.ask({});
  await sleep(MEASURE_MS);
  const after = await program.ask({ isMetered: true });
  await sleep(MEASURE_MS);
  const { longestMs } = await program.ask({});
  const list = { kind: 'changes', url: `${url}/api/users`, changes: 5, everyMs: 50 };
  const { ms: listMs } = await load.ask(list);
  for (const one of [program, load, daemon]) await one.stop();
  const pollMs = (after.cpuMs - before.cpuMs) / (after.polls - before.polls);
  return { pollMs, rssMb: after.rssMb, listMs, longestMs };
}
