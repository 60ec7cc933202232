import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { median } from '../lib/report.mjs';
import { YEAR } from '../lib/year.mjs';

const ROUNDS = 3;
const LOOK_MS = 5;

export const start = {
  title: 'Start and disk',
  notes: `The time is from the start of the process to the first 200 of \`/readyz\`. Before the program was one bundle, loading its
modules took longer than all else: [ADR 13](adr/0013-the-program-is-one-bundle.md). The disk has sessions and events of
10 000 users as above; traffic is measured for ${YEAR.active} users at all times and multiplied.`,
  measure: async ({ built, year, add }) => {
    add({
      what: 'ready after the start with an empty database',
      ours: seconds(await readyAfter(built, {})),
      wanted: '0.5 s',
    });
    const { databaseFile, bytes, trafficBytes } = await year.get();
    add({
      what: `ready after the start with ${YEAR.users} users, their peers and a year of history`,
      ours: seconds(await readyAfter(built, { databaseFile, peers: YEAR.users })),
      wanted: '1 s',
    });
    const gigabytes = (bytes + (1_000 / YEAR.active - 1) * trafficBytes) / 2 ** 30;
    add({
      what: 'a year of 1 000 users who move bytes in every quarter hour, on disk',
      ours: `${gigabytes.toFixed(2)} GB`,
      wanted: '–',
    });
  },
};

const seconds = (time) => `${(time / 1_000).toFixed(2)} s`;

async function readyAfter(built, order) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begunAt = performance.now();
    const program = child(built);
    const { url } = await program.ask(order);
    while (!(await fetch(`${url}/readyz`)).ok) await sleep(LOOK_MS);
    times.push(performance.now() - begunAt);
    await program.stop();
  }
  return median(times);
}
