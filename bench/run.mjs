/**
 * `npm run bench`: what the program costs, beside baselines on the same machine at the same time. Each side is a
 * process of its own, and they are measured in turn, so that whatever the machine does meanwhile meets both alike.
 * `node bench/run.mjs NAME…` measures some groups of rows; all of them are written to docs/BENCHMARKS.md. `--minutes=N`
 * says for how long the heap of the dashboard is watched.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildProgram } from './lib/child.mjs';
import { createReport, pageOf } from './lib/report.mjs';
import { yearDatabase } from './lib/year.mjs';
import { fanOut } from './rows/fan-out.mjs';
import { growth } from './rows/growth.mjs';
import { history } from './rows/history.mjs';
import { lists } from './rows/lists.mjs';
import { memory } from './rows/memory.mjs';
import { metrics } from './rows/metrics.mjs';
import { polls } from './rows/polls.mjs';
import { start } from './rows/start.mjs';
import { traffic } from './rows/traffic.mjs';
import { web } from './rows/web.mjs';

const GROUPS = {
  lists,
  history,
  traffic,
  start,
  memory,
  growth,
  polls,
  metrics,
  'fan-out': fanOut,
  web,
};

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' } },
});
const minutes = Number(values.minutes);
if (!Number.isInteger(minutes) || minutes < 1) {
  console.error('--minutes must be a whole number.');
  process.exit(2);
}
const unknown = names.find((name) => !Object.hasOwn(GROUPS, name));
if (unknown !== undefined) {
  console.error(`There is no group ${unknown}; the groups are ${Object.keys(GROUPS).join(', ')}.`);
  process.exit(2);
}

const begunAt = performance.now();
const built = await buildProgram();
const year = yearDatabase(built);
const groups = [];
for (const [name, { title, notes, measure }] of Object.entries(GROUPS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const report = createReport();
  await measure({ built, year, add: report.add, minutes });
  groups.push({ title, notes, rows: report.rows });
}
year.remove();

if (names.length === 0) {
  const took = Math.round((performance.now() - begunAt) / 60_000);
  const page = new URL('../docs/BENCHMARKS.md', import.meta.url);
  writeFileSync(page, pageOf(groups, { minutes: took }));
}
