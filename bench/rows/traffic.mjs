import { setTimeout as sleep } from 'node:timers/promises';
import { child } from '../lib/child.mjs';
import { post, timeOf } from '../lib/graphql.mjs';
import { ms } from '../lib/report.mjs';

const SETTLE_MS = 4_000;
const YEAR_MS = 364 * 86_400_000;

export const traffic = {
  title: 'Traffic over a year',
  notes: `The users of these rows have moved bytes in every quarter hour of the year. Before, a day was summed up from the
quarter hours and hours in it; now days are rows: [ADR 16](adr/0016-traffic-is-rolled-up-as-it-is-booked.md).`,
  measure: async ({ built, year, add }) => {
    const { databaseFile } = await year.get();
    const program = child(built);
    const { url } = await program.ask({ databaseFile, peers: 1_000, moving: 100 });
    await sleep(SETTLE_MS);
    const from = new Date(Date.now() - YEAR_MS).toISOString();
    const points = (of) => `{ traffic(bucket: DAY, from: "${from}"${of}) { start end rx tx } }`;
    const bytes = '{ rx tx }';
    const usage = `{ users(first: 100) { edges { node { id
      usage { today ${bytes} month ${bytes} total ${bytes} } } } } }`;
    for (const [what, request, wanted] of [
      ['GraphQL traffic(bucket: DAY, userId) of a year', post(url, points(', userId: 7')), '20 ms'],
      ['GraphQL traffic(bucket: DAY) of a year, all users', post(url, points('')), '20 ms'],
      ['GET /api/traffic/chart?days=365', { url: `${url}/api/traffic/chart?days=365` }, '20 ms'],
      ['GraphQL usage { today month total } of 100 users', post(url, usage), '15 ms'],
    ]) {
      add({ what, ours: ms(await timeOf(request)), wanted });
    }
    await program.stop();
  },
};
