/**
 * `npm run bench`: what reads cost, each beside a baseline on the same machine at the same time. Each side is a
 * process of its own, and they are measured in turn, so that whatever the machine does meanwhile meets both alike.
 * The ratios are the result; they are written to docs/BENCHMARKS.md.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildProgram, child } from './lib/child.mjs';

const ROUNDS = 5;
const ROUND_MS = 3_000;
const CONNECTIONS = 16;
const FIELDS =
  'id publicKey nickname online: isOnline enabled interface createdAt updatedAt totalRx totalTx';
const USERS = `{ users(first: 100) { edges { node { ${FIELDS} } } } }`;

const built = await buildProgram();
const rows = [];
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function report(row) {
  rows.push(row);
  console.log(`${row.what}: ${row.ours} beside ${row.baseline}, ratio ${row.ratio.toFixed(2)}`);
}

/** Rates of two requests, in turn. */
async function compareRates(load, ours, baseline) {
  const measured = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ask = (order) => load.ask({ connections: CONNECTIONS, ms: ROUND_MS, ...order });
    const [mine, other] = [await ask(ours), await ask(baseline)];
    measured.push({ mine: mine.perSecond, other: other.perSecond });
  }
  const perSecond = (key) => `${Math.round(median(measured.map((one) => one[key])))} a second`;
  return {
    ours: perSecond('mine'),
    baseline: perSecond('other'),
    ratio: median(measured.map(({ mine, other }) => mine / other)),
  };
}

async function measureWith(peers) {
  const files = [built, 'bare.mjs', 'by-hand.mjs', 'load.mjs'];
  const [program, bare, byHand, load] = files.map(child);
  const { url, databaseFile } = await program.ask({ peers, moving: peers });
  await sleep(5_000);
  const list = `${url}/api/users`;
  const copy = await bare.ask({ copyOf: list });

  report({
    what: `GET /api/users, ${peers} users who all move each second, ${CONNECTIONS} connections`,
    against: `a bare node:http server that answers the same ${copy.bytes} bytes`,
    wanted: peers < 10_000 ? 'at least 0.6' : 'at least 0.8',
    ...(await compareRates(load, { url: list }, { url: copy.url })),
  });

  const first = await load.ask({ url: list, changes: 15, everyMs: 50 });
  const { url: handUrl } = await byHand.ask({ databaseFile });
  const hand = await load.ask({ url: handUrl, changes: 40, everyMs: 50 });
  report({
    what: `the first such answer after all ${peers} moved`,
    against:
      'a bare server that answers with better-sqlite3 select and JSON.stringify of the same rows',
    wanted: 'at most 1',
    ours: `${first.ms.toFixed(1)} ms`,
    baseline: `${hand.ms.toFixed(1)} ms`,
    ratio: first.ms / hand.ms,
  });

  const post = (query) => ({
    url: `${url}/graphql`,
    method: 'POST',
    body: JSON.stringify({ query }),
    headers: { 'content-type': 'application/json' },
  });
  report({
    what: `GraphQL users(first: 100) with 10 fields, ${peers} users`,
    against: '{ __typename } on the same server',
    wanted: 'at least 0.6',
    ...(await compareRates(load, post(USERS), post('{ __typename }'))),
  });
  for (const one of [program, bare, byHand, load]) await one.stop();
}

await measureWith(1_000);
await measureWith(10_000);

const lines = rows.map(
  ({ what, ours, against, baseline, ratio, wanted }) =>
    `| ${what} | ${ours} | ${against}: ${baseline} | ${ratio.toFixed(2)} | ${wanted} |`,
);
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node.js ${process.version}`;
writeFileSync(
  new URL('../docs/BENCHMARKS.md', import.meta.url),
  `# Benchmarks

Written by \`npm run bench\`. Machines of this kind are noisy: ratios hold, absolute figures drift. Each figure is the
median of ${ROUNDS} rounds or more. Both sides run on the same machine, in turn, each in a process of its own.

Machine: ${machine}

| what | wgql | baseline | ratio | wanted |
|---|---|---|---|---|
${lines.join('\n')}

What dominated before, and what was done, is in [ADR 14](adr/0014-users-are-read-from-memory.md). The cost of live
subscriptions beside a bare \`ws\` broadcast is measured by \`npm run bench:fan-out\`.
`,
);
