/**
 * What a tick of 100 users costs with 1 000 subscribers, beside a bare `ws` broadcast of as many bytes:
 * `npm run bench:fan-out`. Each of the two is a process of its own with clients of its own. Both tick
 * once a second, half a second apart, and all that a process uses from the first tick to the last
 * counts, so that whatever the machine does meanwhile meets both alike. The ratios are the result.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CLIENTS = 1_000;
const SLEEPERS = 100;
/** Until the garbage of opening a thousand sockets is gone. */
const WARM_UP_TICKS = 40;
const TICKS = 60;
const TICK_MS = 1_000;
const QUERY =
  'subscription { liveTraffic { user { id nickname } rxBytesPerSecond txBytesPerSecond } }';

const start = (file) =>
  fork(fileURLToPath(new URL(`./fan-out/${file}`, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  });

async function ask(child, message) {
  const answered = once(child, 'message');
  child.send(message);
  return (await answered)[0];
}

/** One of the two that are compared, and the clients that listen to it. */
async function startSide(name, file, query) {
  const server = start(file);
  const [{ listening: url }] = await once(server, 'message');
  const clients = start('clients.mjs');
  const open = (more, count, reads) => ask(more, { command: 'open', url, count, query, reads });
  await open(clients, CLIENTS, true);
  /** Half a second with one tick; returns how long after it each client got its message, in milliseconds. */
  const tick = async () => {
    const { tickedAt } = await ask(server, 'tick');
    await sleep(TICK_MS / 2);
    const { arrivals } = await ask(clients, { command: 'collect' });
    return arrivals.map((at) => Number(BigInt(at) - BigInt(tickedAt)) / 1e6);
  };
  const usage = () => ask(server, 'usage');
  const stop = () => {
    for (const child of [server, clients]) child.disconnect();
  };
  return { name, open, tick, usage, stop };
}

/** Lets the sides tick in turn. */
async function tickTogether(sides, ticks) {
  const latencies = sides.map(() => []);
  for (let number = 0; number < ticks; number++) {
    for (const [index, side] of sides.entries()) latencies[index].push(...(await side.tick()));
    if (sides.length === 1) await sleep(TICK_MS / 2);
  }
  return latencies;
}

async function measure(sides) {
  await tickTogether(sides, WARM_UP_TICKS);
  const usages = () => Promise.all(sides.map(({ usage }) => usage()));
  const before = await usages();
  const latencies = await tickTogether(sides, TICKS);
  const after = await usages();
  return sides.map(({ name }, index) => {
    const sorted = latencies[index].toSorted((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)]);
    const cpuMs = (after[index].cpuMs - before[index].cpuMs) / TICKS;
    console.log(
      `${name}: ${sorted.length} messages, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, CPU ${cpuMs.toFixed(1)} ms a tick, ${after[index].rssMb.toFixed(0)} MB`,
    );
    return { p50, p99, cpuMs };
  });
}

console.log(`${CLIENTS} clients each, ${TICKS} ticks`);
const bare = await startSide('bare ws', 'bare.mjs');
const gateway = await startSide('wgql', 'gateway.mjs', QUERY);
const [broadcast, shared] = await measure([bare, gateway]);
const ratio = (key) => (shared[key] / broadcast[key]).toFixed(2);
console.log(`ratios: p50 ${ratio('p50')}, p99 ${ratio('p99')}, CPU ${ratio('cpuMs')}`);
bare.stop();

console.log(`beside ${SLEEPERS} more that never read:`);
const sleepers = start('clients.mjs');
await gateway.open(sleepers, SLEEPERS, false);
await measure([gateway]);
gateway.stop();
sleepers.kill();
