/**
 * What a tick of 100 users costs with 1 000 subscribers, beside a bare `ws` broadcast of the same bytes
 * in the same run: `npm run bench:fan-out`. The figures of interest are the two ratios. A few ticks that
 * are not counted come first for both, so that opening the sockets is not part of a tick.
 */
import '../src/production.ts';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { openAccess } from '../src/access/index.ts';
import { calendarOf } from '../src/calendar.ts';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { createBus } from '../src/live/bus.ts';
import { createLog } from '../src/log.ts';
import { startServer } from '../src/server/index.ts';
import { openStore } from '../src/store/index.ts';
import { openSecretBox } from '../src/store/secret.ts';

const CLIENTS = 1_000;
const USERS = 100;
const WARM_UP_TICKS = 5;
const TICKS = 15;
const TICK_MS = 1_000;
const QUERY =
  'subscription { liveTraffic { user { id nickname } rxBytesPerSecond txBytesPerSecond } }';

const folder = await mkdtemp(join(tmpdir(), 'wgql-bench-'));
const config = readConfig({
  WGQL_PORT: '0',
  WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
  WGQL_MAX_SOCKETS_PER_ADDRESS: '10000',
});
const store = await openStore(config.databaseUrl, new Date());
const bus = createBus();
for (let number = 1; number <= USERS; number++) {
  await store.commands.create(
    `key ${number}`,
    () => ({ fields: { nickname: `User_${number}` }, eventTypes: [] }),
    { actor: 'bench', action: 'createUser', at: new Date() },
  );
}
const log = createLog('silent');
const access = await openAccess({ config, store: store.tokens, clock: systemClock, log });
const server = await startServer({
  services: {
    config,
    store,
    bus,
    clock: systemClock,
    calendar: calendarOf('UTC'),
    access,
    secrets: await openSecretBox(config.secretKeyFile),
    pollerStatus: () => ({ running: true, lastPollAt: null, problem: null, stale: false }),
    pollNow: async () => {},
    networksOf: () => [],
    ownAddress: () => null,
    startedAt: new Date(),
    version: 'bench',
  },
  readiness: async () => ({ ready: true, problem: null }),
  onInternalError: (error) => process.stderr.write(`${error}\n`),
});
const bare = new WebSocketServer({ port: 0, host: '127.0.0.1' });
await once(bare, 'listening');
const barePort = (bare.address() as { port: number }).port;

function newRates() {
  return Array.from({ length: USERS }, (_, index) => ({
    userId: index + 1,
    rxBytesPerSecond: Math.random() * 1e6,
    txBytesPerSecond: Math.random() * 1e7,
  }));
}

const ask = async (clients: ChildProcess, message: object) => {
  clients.send(message);
  return (await once(clients, 'message'))[0] as { arrivals: string[] };
};

/** Runs the ticks and answers the milliseconds of CPU and of the 99th percentile. */
async function measure(clients: ChildProcess, tick: () => void) {
  const latencies: number[] = [];
  const cpuMs: number[] = [];
  for (let number = -WARM_UP_TICKS; number < TICKS; number++) {
    const cpu = process.cpuUsage();
    const begun = process.hrtime.bigint();
    tick();
    await sleep(TICK_MS);
    const { user, system } = process.cpuUsage(cpu);
    const { arrivals } = await ask(clients, { command: 'collect' });
    if (number < 0) continue;
    cpuMs.push((user + system) / 1000);
    for (const at of arrivals) latencies.push(Number(BigInt(at) - begun) / 1e6);
  }
  latencies.sort((a, b) => a - b);
  cpuMs.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    messages: latencies.length,
    p50: percentile(0.5),
    p99: percentile(0.99),
    cpu: cpuMs.reduce((sum, ms) => sum + ms, 0) / TICKS,
    medianCpu: cpuMs[TICKS >> 1] ?? 0,
  };
}

const start = () => fork(fileURLToPath(new URL('./ws-clients.mjs', import.meta.url)));
const sample = JSON.stringify({
  id: '1',
  type: 'next',
  payload: {
    data: {
      liveTraffic: newRates().map(({ userId, ...rates }) => ({
        user: { id: String(userId), nickname: `User_${userId}` },
        ...rates,
      })),
    },
  },
});
const show = (name: string, figures: Awaited<ReturnType<typeof measure>>) =>
  process.stdout.write(
    `${name}: ${figures.messages} messages, p50 ${figures.p50.toFixed(1)} ms, p99 ${figures.p99.toFixed(1)} ms, CPU ${figures.cpu.toFixed(1)} ms a tick (median ${figures.medianCpu.toFixed(1)})\n`,
  );

process.stdout.write(`${CLIENTS} clients, ${USERS} users, ${sample.length} bytes a message\n`);
const clients = start();
const open = (url: string, query?: string) =>
  ask(clients, { command: 'open', url, count: CLIENTS, query });
for (let round = 0; round < 3; round++) {
  await open(`ws://127.0.0.1:${barePort}`);
  const broadcast = await measure(clients, () => {
    const text = JSON.stringify(JSON.parse(sample));
    for (const socket of bare.clients) socket.send(text);
  });
  await ask(clients, { command: 'close' });
  show('bare ws', broadcast);

  await open(`${server.url.replace('http', 'ws')}/graphql`, QUERY);
  const shared = await measure(clients, () => bus.publish('traffic', newRates()));
  await ask(clients, { command: 'close' });
  show('wgql', shared);
  process.stdout.write(
    `ratios: p99 ${(shared.p99 / broadcast.p99).toFixed(2)}, CPU ${(shared.cpu / broadcast.cpu).toFixed(2)}, of the median tick ${(shared.medianCpu / broadcast.medianCpu).toFixed(2)}\n`,
  );
}
clients.disconnect();

const heap = () => Math.round(process.memoryUsage().rss / 1024 / 1024);
const readers = start();
const sleepers = start();
const url = `${server.url.replace('http', 'ws')}/graphql`;
await ask(readers, { command: 'open', url, count: 100, query: QUERY });
await ask(sleepers, { command: 'open', url, count: 100, query: QUERY, reads: false });
const before = heap();
const beside = await measure(readers, () => {
  for (let burst = 0; burst < 20; burst++) setImmediate(() => bus.publish('traffic', newRates()));
});
show('100 readers beside 100 clients that never read', beside);
process.stdout.write(`memory: ${before} MB before, ${heap()} MB after\n`);
readers.disconnect();
sleepers.kill();

bare.close();
bus.close();
await server.close();
await access.stop();
await store.close();
await rm(folder, { recursive: true });
