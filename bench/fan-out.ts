/**
 * What a tick of 100 users costs with 1 000 subscribers, beside a bare `ws` broadcast of as many bytes:
 * `npm run bench:fan-out`. Each of the two is a process of its own with clients of its own, both tick
 * once a second, half a second apart, and all that a process uses counts, so that whatever the machine
 * does meanwhile meets both alike. The figures of interest are the ratios.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { QUERY, type Told } from './fan-out/broadcaster.ts';

const CLIENTS = 1_000;
const WARM_UP_TICKS = 10;
const TICKS = 60;
const TICK_MS = 1_000;
const SLEEPERS = 100;

const start = (file: string) => fork(fileURLToPath(new URL(`./fan-out/${file}`, import.meta.url)));

async function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  const [answer] = await Promise.all([once(child, 'message'), child.send(message)]);
  return answer[0] as T;
}

/** One of the two that are compared, and the clients that listen to it. */
async function startSide(name: string, file: string, query?: string) {
  const server = start(file);
  const [{ listening }] = (await once(server, 'message')) as [{ listening: string }];
  const clients = start('clients.mjs');
  const open = (clientsOf: ChildProcess, count: number, reads = true) =>
    ask(clientsOf, { command: 'open', url: listening, count, query, reads });
  await open(clients, CLIENTS);
  const latencies: number[] = [];
  const cpuMs: number[] = [];
  const usage = () => ask<{ cpuMs: number; rssMb: number }>(server, 'usage');
  const tick = async (counts: boolean) => {
    const before = await usage();
    const { tickedAt } = await ask<Extract<Told, { tickedAt: string }>>(server, 'tick');
    await sleep(TICK_MS / 2);
    const { arrivals } = await ask<{ arrivals: string[] }>(clients, { command: 'collect' });
    if (!counts) return;
    cpuMs.push((await usage()).cpuMs - before.cpuMs);
    for (const at of arrivals) latencies.push(Number(BigInt(at) - BigInt(tickedAt)) / 1e6);
  };
  const stop = () => {
    for (const child of [server, clients]) child.disconnect();
  };
  return { name, latencies, cpuMs, usage, tick, open, stop };
}

type Side = Awaited<ReturnType<typeof startSide>>;

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function figuresOf({ latencies, cpuMs }: Side, wholeCpuMs: number) {
  return {
    messages: latencies.length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu: wholeCpuMs / TICKS,
    medianCpu: percentile(cpuMs, 0.5),
  };
}

function show(name: string, figures: ReturnType<typeof figuresOf>): void {
  const { messages, p50, p99, cpu, medianCpu } = figures;
  process.stdout.write(
    `${name}: ${messages} messages, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, CPU ${cpu.toFixed(1)} ms a tick (median ${medianCpu.toFixed(1)})\n`,
  );
}

const bare = await startSide('bare ws', 'bare.ts');
const gateway = await startSide('wgql', 'gateway.ts', QUERY);
const sides = [bare, gateway];
for (let number = 0; number < WARM_UP_TICKS; number++)
  for (const side of sides) await side.tick(false);
const before = await Promise.all(sides.map(({ usage }) => usage()));
for (let number = 0; number < TICKS; number++) for (const side of sides) await side.tick(true);
const after = await Promise.all(sides.map(({ usage }) => usage()));
const [broadcast, shared] = sides.map((side, index) =>
  figuresOf(side, (after[index]?.cpuMs ?? 0) - (before[index]?.cpuMs ?? 0)),
) as [ReturnType<typeof figuresOf>, ReturnType<typeof figuresOf>];
show(bare.name, broadcast);
show(gateway.name, shared);
const ratio = (key: keyof typeof shared) => (shared[key] / broadcast[key]).toFixed(2);
process.stdout.write(
  `ratios: p50 ${ratio('p50')}, p99 ${ratio('p99')}, CPU ${ratio('cpu')} (of the median tick ${ratio('medianCpu')})\n`,
);
bare.stop();

const sleepers = start('clients.mjs');
const { rssMb } = await gateway.usage();
await gateway.open(sleepers, SLEEPERS, false);
gateway.latencies.length = 0;
gateway.cpuMs.length = 0;
const quiet = await gateway.usage();
for (let number = 0; number < TICKS * 4; number++) {
  if (number % 4 === 3) await gateway.tick(true);
}
const beside = await gateway.usage();
show(
  `${CLIENTS} readers beside ${SLEEPERS} that never read`,
  figuresOf(gateway, beside.cpuMs - quiet.cpuMs),
);
process.stdout.write(
  `memory: ${rssMb.toFixed(0)} MB before they came, ${beside.rssMb.toFixed(0)} MB after ${TICKS} ticks\n`,
);
gateway.stop();
sleepers.kill();
