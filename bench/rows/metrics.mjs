import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { median, ms } from '../lib/report.mjs';

const PEERS = 10_000;
const ROUNDS = 15;
const SETTLE_MS = 5_000;

export const metrics = {
  title: 'Metrics',
  notes: `A scrape is read by one client, compressed, while all ${PEERS} users move each second. The series of peers are written as
text from what the last poll recorded: [ADR 26](adr/0026-series-of-peers-are-written-as-text.md).`,
  measure: async ({ built, add }) => {
    const writing = child('metrics.mjs', { isSource: true });
    const compare = async (order, baseline) => {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) {
        const timeOf = async (one) => (await writing.ask({ count: PEERS, ...one })).ms;
        rounds.push([
          await timeOf({ writer: 'wgql', ...order }),
          await timeOf({ ...order, writer: baseline }),
        ]);
      }
      const [ours, other] = [0, 1].map((side) => median(rounds.map((round) => round[side])));
      return { ours: ms(ours), baseline: ms(other), ratio: ours / other };
    };
    const against = 'JSON.stringify of the same data';
    add({
      what: `the text of all series of ${PEERS} peers`,
      ...{ against, wanted: '10 ms' },
      ...(await compare({}, 'json')),
    });
    add({
      what: 'the same with WGQL_METRICS_LABELS=full',
      ...{ against, wanted: '–' },
      ...(await compare({ which: 'full' }, 'json')),
    });
    add({
      what: `the text of all series of ${PEERS} peers`,
      ...{ against: 'the same in prom-client, set and written', wanted: '–' },
      ...(await compare({}, 'promClient')),
    });
    await writing.stop();
    await measureScrapes(built, add);
  },
};

async function measureScrapes(built, add) {
  const program = child(built);
  const { url } = await program.ask({ peers: PEERS, moving: PEERS });
  await sleep(SETTLE_MS);
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begunAt = performance.now();
    const response = await fetch(`${url}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
    await response.arrayBuffer();
    times.push(performance.now() - begunAt);
    await sleep(200);
  }
  await program.stop();
  add({ what: `a scrape of ${PEERS} peers, read whole`, ours: ms(median(times)), wanted: '–' });
}
