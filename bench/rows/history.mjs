import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { post, timeOf } from '../lib/graphql.mjs';
import { mb, median, ms } from '../lib/report.mjs';
import { YEAR } from '../lib/year.mjs';

const DAY_MS = 86_400_000;
const ROUNDS = 5;
const SETTLE_MS = 4_000;
const OTHERS_MS = 4_000;
const SAMPLE_MS = 100;

export const history = {
  title: `${YEAR.sessions} sessions and ${YEAR.events} events`,
  notes: `Before, counts visited all rows, and pages of rare kinds all rows before them, up to 130 ms on the thread that serves
everyone. Now sessions and events are counted by day, and rows are read in parts:
[ADR 18](adr/0018-sessions-and-events-are-counted-by-day.md). The whole history is read from a snapshot, 200 rows at a
time, as fast as its client reads it.`,
  measure: async ({ built, year, add }) => {
    const { databaseFile } = await year.get();
    const [program, reader, others] = [built, 'load.mjs', 'load.mjs'].map((file) => child(file));
    const { url } = await program.ask({ databaseFile, peers: 1_000, moving: 100 });
    await sleep(SETTLE_MS);
    await measureCounts(program, url, add);
    await measureWhole({ program, reader, others }, url, add);
    for (const one of [program, reader, others]) await one.stop();
  },
};

const COUNTED = '{ totalCount edges { node { id } } }';

async function measureCounts(program, url, add) {
  const at = (daysAgo) => new Date(Date.now() - daysAgo * DAY_MS).toISOString();
  const span = `from: "${at(200)}", to: "${at(100.5)}"`;
  const queries = [
    ['all users', `users ${COUNTED}`],
    ['all events', `events ${COUNTED}`],
    ['events of a type', `events(filter: { types: [SESSION_ENDED] }) ${COUNTED}`],
    [
      'events of a type that does not occur',
      `events(filter: { types: [PEER_MISSING] }) ${COUNTED}`,
    ],
    [
      'events of a type in 100 days',
      `events(filter: { types: [SESSION_ENDED], ${span} }) ${COUNTED}`,
    ],
    ['events of a user', `events(filter: { userIds: [7] }) ${COUNTED}`],
    ['all sessions', `sessions ${COUNTED}`],
    ['sessions in 100 days', `sessions(filter: { ${span} }) ${COUNTED}`],
    [
      'ended sessions of the last hour',
      `sessions(filter: { open: false, from: "${at(1 / 24)}" }) ${COUNTED}`,
    ],
    ['sessions of a user', `sessions(filter: { userId: 7 }) ${COUNTED}`],
  ];
  for (const [what, query] of queries) {
    const request = post(url, `{ ${query} }`);
    const took = await timeOf(request);
    const blocked = [];
    for (let round = 0; round < ROUNDS; round++) {
      await program.ask({ isMetered: true });
      await timeOf(request, 1);
      blocked.push((await program.ask({})).longestMs);
    }
    add({
      what: `GraphQL, the count of ${what} and a page of 50`,
      ours: `${ms(took)}, blocks ${ms(median(blocked))}`,
      wanted: '10 ms',
    });
  }
}

async function measureWhole({ program, reader, others }, url, add) {
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    const { rssMb: before } = await program.ask({});
    let isDone = false;
    const whole = reader.ask({ kind: 'whole', url: `${url}/api/events/history` }).finally(() => {
      isDone = true;
    });
    const other = others.ask({ url: `${url}/api/dashboard`, connections: 1, ms: OTHERS_MS });
    let most = before;
    while (!isDone) {
      most = Math.max(most, (await program.ask({})).rssMb);
      await sleep(SAMPLE_MS);
    }
    rounds.push({ ...(await whole), plusMb: most - before, waitMs: (await other).max });
  }
  const [{ bytes }] = rounds;
  const of = (key) => rounds.map((round) => round[key]);
  add({
    what: `GET /api/events/history whole (${mb(bytes / 2 ** 20)}): first byte`,
    ours: ms(median(of('firstByteMs'))),
    wanted: '100 ms',
  });
  add({
    what: 'the same: memory of the process over that before, at most',
    ours: mb(Math.max(...of('plusMb'))),
    wanted: '50 MB',
  });
  add({
    what: 'the same: longest wait of another client for its dashboard',
    ours: ms(median(of('waitMs'))),
    wanted: '50 ms',
  });
}
