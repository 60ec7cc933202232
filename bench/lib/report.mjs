import { cpus, totalmem } from 'node:os';

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
export const ms = (number) => `${number < 100 ? number.toFixed(1) : Math.round(number)} ms`;
export const mb = (number) => `${Math.round(number)} MB`;

const MACHINE = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node.js ${process.version}`;

/** Collects rows, and prints each at once. */
export function createReport() {
  const rows = [];
  return {
    rows,
    /** A row: `ours` beside `baseline`, whose meaning is `against`, or alone. */
    add: (row) => {
      rows.push(row);
      const beside = row.baseline === undefined ? '' : ` beside ${row.baseline}`;
      const ratio = row.ratio === undefined ? '' : `, ratio ${row.ratio.toFixed(2)}`;
      console.log(`${row.what}: ${row.ours}${beside}${ratio} (wanted: ${row.wanted})`);
    },
  };
}

/** The page of all groups of rows. */
export function pageOf(groups, { minutes }) {
  const tables = groups.map(
    ({ title, rows, notes }) => `## ${title}

| what | wgql | baseline | ratio | wanted |
|---|---|---|---|---|
${rows.map(lineOf).join('\n')}

${notes}
`,
  );
  return `# Benchmarks

Written by \`npm run bench\`, which took ${minutes} minutes. Machines of this kind are noisy: ratios hold, absolute figures
drift. Where there is a baseline, it runs on the same machine, in turn with wgql, in a process of its own. A figure is
the median of several rounds. \`node bench/run.mjs NAME\` measures one group.

Machine: ${MACHINE}

${tables.join('\n')}
## Other programs

Measured once by hand on a machine of this kind, with 1 000 clients; \`npm run bench\` does not repeat it:

| program | lists of its clients a second | memory |
|---|---|---|
| wg-easy 15.4 | 13 to 15 | 280 to 430 MB |
| WGDashboard 4.3.3 | 1.4 | – |

With 10 000 clients, wg-easy answers its list with the HTTP status 500.
`;
}

function lineOf({ what, ours, against, baseline, ratio, wanted }) {
  const beside = baseline === undefined ? (against ?? '–') : `${against}: ${baseline}`;
  return `| ${what} | ${ours} | ${beside} | ${ratio?.toFixed(2) ?? '–'} | ${wanted} |`;
}
