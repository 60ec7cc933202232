import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { mb, ms } from '../lib/report.mjs';

const QUERY =
  'subscription { liveTraffic { user { id nickname } rxBytesPerSecond txBytesPerSecond } }';

/** Warm until the garbage of opening the sockets is gone; ticks are further apart where one takes longer. */
const SIZES = [
  { clients: 1_000, warmUp: { ticks: 60, tickMs: 500 }, tickMs: 700, ticks: 60, sleepers: 100 },
  { clients: 10_000, warmUp: { ticks: 16, tickMs: 2_000 }, tickMs: 4_000, ticks: 8, sleepers: 0 },
];

export const fanOut = {
  title: 'Live subscriptions',
  notes: `A tick of 100 users to all clients. Both sides tick in turn, each with clients in a process of its own, and all that a
process uses from the first tick to the last counts, its pings to 10 000 clients as well. Before, each client's copy of the
bytes, two fragments a message and then two writes a frame took more time than the rest; now the beginning of a message,
which differs by client, is written in front of the bytes that clients share (docs/ARCHITECTURE.md, Live).`,
  measure: async ({ add }) => {
    for (const size of SIZES) await compare(size, add);
  },
};

async function compare({ clients, warmUp, tickMs, ticks, sleepers }, add) {
  const bare = await startSide('bare.mjs', { clients });
  const gateway = await startSide('gateway.mjs', { clients, query: QUERY });
  await tickTogether([bare, gateway], warmUp.ticks, warmUp.tickMs);
  const [broadcast, shared] = await measure([bare, gateway], ticks, tickMs);
  for (const [what, key, unit, wanted] of [
    ['median latency', 'p50', ms, '–'],
    ['99th percentile of latency', 'p99', ms, 'at most 1.5'],
    ['CPU of a tick', 'cpuMs', ms, 'at most 1.5'],
    ['memory', 'rssMb', mb, '–'],
  ]) {
    add({
      what: `${clients} clients: ${what}`,
      against: 'a bare ws broadcast of as many bytes',
      ours: unit(shared[key]),
      baseline: unit(broadcast[key]),
      ratio: shared[key] / broadcast[key],
      wanted,
    });
  }
  await bare.stop();
  if (sleepers > 0) {
    const sleeping = child('../fan-out/clients.mjs');
    const { url } = gateway;
    await sleeping.ask({ command: 'open', url, count: sleepers, query: QUERY, reads: false });
    const [beside] = await measure([gateway], ticks / 2, tickMs);
    await sleeping.stop();
    add({
      what: `${clients} clients beside ${sleepers} more that never read: 99th percentile of latency`,
      against: 'without them',
      ours: ms(beside.p99),
      baseline: ms(shared.p99),
      ratio: beside.p99 / shared.p99,
      wanted: '–',
    });
  }
  await gateway.stop();
}

/** One of the two that are compared, and the clients that listen to it. */
async function startSide(file, { clients: count, query }) {
  const server = child(`../fan-out/${file}`, { isSource: true });
  const { listening: url } = await server.answer();
  const clients = child('../fan-out/clients.mjs');
  await clients.ask({ command: 'open', url, count, query });
  return {
    url,
    /** Some time with one tick; returns how long after it each client got its message, in milliseconds. */
    tick: async (forMs) => {
      const { tickedAt } = await server.ask('tick');
      await sleep(forMs);
      const { arrivals } = await clients.ask({ command: 'collect' });
      return arrivals.map((at) => Number(BigInt(at) - BigInt(tickedAt)) / 1e6);
    },
    usage: () => server.ask('usage'),
    stop: async () => {
      await server.stop();
      await clients.stop();
    },
  };
}

/** Lets the sides tick in turn. */
async function tickTogether(sides, ticks, tickMs) {
  const latencies = sides.map(() => []);
  for (let number = 0; number < ticks; number++) {
    for (const [index, side] of sides.entries()) {
      latencies[index].push(...(await side.tick(tickMs / sides.length)));
    }
  }
  return latencies;
}

async function measure(sides, ticks, tickMs) {
  const usages = () => Promise.all(sides.map(({ usage }) => usage()));
  const before = await usages();
  const latencies = await tickTogether(sides, ticks, tickMs);
  const after = await usages();
  return sides.map((_, index) => {
    const sorted = latencies[index].toSorted((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)]);
    const cpuMs = (after[index].cpuMs - before[index].cpuMs) / ticks;
    return { p50, p99, cpuMs, rssMb: after[index].rssMb };
  });
}
