import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { post } from '../lib/graphql.mjs';
import { median, ms } from '../lib/report.mjs';

const ROUNDS = 5;
const ROUND_MS = 1_500;
const CONNECTIONS = 16;
const SETTLE_MS = 5_000;
const USERS = `users(first: 100) { edges { node {
  id publicKey nickname online: isOnline enabled interface createdAt updatedAt totalRx totalTx } } }`;
const BY_HAND = 'better-sqlite3 select and JSON.stringify of the same rows behind a bare server';

export const lists = {
  title: 'Lists of users',
  notes: `Before, each list was a query of 10 000 rows that Prisma decoded, and each row was presented and written as JSON again
for each request. Now users are kept in memory, and the text of each user and whole answers are kept until they change:
[ADR 14](adr/0014-users-are-read-from-memory.md). What is left of a GraphQL request is the execution of the document; of
one that was never seen, parsing, validation and its cost as well.`,
  measure: async ({ built, add }) => {
    for (const peers of [1_000, 10_000]) {
      await measureAllMoving(built, peers, add);
      await measureSomeMoving(built, peers, add);
    }
  },
};

/** Rates of two requests, in turn. */
async function compareRates(load, ours, baseline) {
  const measured = [];
  for (let round = 0; round < ROUNDS; round++) {
    const rateOf = async (order) => {
      const one = await load.ask({ connections: CONNECTIONS, ms: ROUND_MS, ...order });
      if (Object.keys(one.statuses).join() !== '200') throw new Error(JSON.stringify(one.statuses));
      return one.perSecond;
    };
    const [mine, other] = [await rateOf(ours), await rateOf(baseline)];
    measured.push({ mine, other, ratio: mine / other });
  }
  const of = (key) => median(measured.map((one) => one[key]));
  const perSecond = (key) => `${Math.round(of(key))} a second`;
  return { ours: perSecond('mine'), baseline: perSecond('other'), ratio: of('ratio') };
}

async function measureAllMoving(built, peers, add) {
  const files = [built, 'bare.mjs', 'by-hand.mjs', 'load.mjs'];
  const [program, bare, byHand, load] = files.map((file) => child(file));
  const { url, databaseFile } = await program.ask({ peers, moving: peers });
  await sleep(SETTLE_MS);
  const list = `${url}/api/users`;
  const copy = await bare.ask({ copyOf: list });

  add({
    what: `GET /api/users, ${peers} users who all move each second, ${CONNECTIONS} connections`,
    against: `a bare node:http server that answers the same ${copy.bytes} bytes`,
    wanted: peers < 10_000 ? 'at least 0.6' : 'at least 0.8',
    ...(await compareRates(load, { url: list }, { url: copy.url })),
  });
  const { url: handUrl } = await byHand.ask({ databaseFile });
  add({
    what: `the first such answer after all ${peers} moved`,
    wanted: 'at most 1',
    ...(await compareFirst(load, list, handUrl)),
  });
  add({
    what: `GraphQL users(first: 100) with 10 fields, ${peers} users`,
    against: '{ __typename } on the same server',
    wanted: 'at least 0.6',
    ...(await compareRates(load, post(url, `{ ${USERS} }`), post(url, '{ __typename }'))),
  });
  const byCursor = { url: `${handUrl}page` };
  const neverSeen = post(url, `query q00000000 { ${USERS} }`);
  const { ours, baseline, ratio } = await compareRates(load, neverSeen, byCursor);
  add({
    what: `the same query with a text that was never seen, ${peers} users; ratio of times`,
    against: 'a better-sqlite3 cursor and JSON.stringify of the same rows behind a bare server',
    wanted: 'at most 2.5',
    ...{ ours, baseline, ratio: 1 / ratio },
  });
  for (const one of [program, bare, byHand, load]) await one.stop();
}

async function measureSomeMoving(built, peers, add) {
  const [program, byHand, load] = [built, 'by-hand.mjs', 'load.mjs'].map((file) => child(file));
  const moving = peers / 10;
  const { url, databaseFile } = await program.ask({ peers, moving });
  await sleep(SETTLE_MS);
  const { url: handUrl } = await byHand.ask({ databaseFile });
  add({
    what: `the first list after ${moving} of ${peers} users moved`,
    wanted: 'at most 0.33',
    ...(await compareFirst(load, `${url}/api/users`, handUrl)),
  });
  for (const one of [program, byHand, load]) await one.stop();
}

/** The first answer of a list after it has changed, beside the same list read and written by hand. */
async function compareFirst(load, list, handUrl) {
  const changes = (url, count) => load.ask({ kind: 'changes', url, changes: count, everyMs: 50 });
  // V8 compiles what both sides do for the first answers.
  for (const [url, count] of [
    [list, 6],
    [handUrl, 15],
  ])
    await changes(url, count);
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    rounds.push([(await changes(list, 4)).ms, (await changes(handUrl, 15)).ms]);
  }
  const [ours, baseline] = [0, 1].map((side) => median(rounds.map((round) => round[side])));
  return { against: BY_HAND, ours: ms(ours), baseline: ms(baseline), ratio: ours / baseline };
}
