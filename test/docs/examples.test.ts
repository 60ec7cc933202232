import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Program, startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { type Block, blocksOf, ROOT, readPage } from './support.ts';

/** A page says wgql and the address of the default settings; a failed request must fail the script. */
const PRELUDE = `set -eu
wgql() { "$NODE" "$PROGRAM" "$@"; }
curl() { command curl --silent --show-error --fail "$@"; }
`;

const runFile = promisify(execFile);

/** Each command is a process, and many of them run one after another. */
const TIMEOUT_MS = 120_000;

async function startDemo() {
  const cwd = await mkdtemp(join(tmpdir(), 'wgql-docs-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const settings = {
    WGQL_INTERFACES: '',
    WGQL_MANAGE: 'on',
    WGQL_POLL_INTERVAL_MS: '100',
    WGQL_TIME_ZONE: 'UTC',
  };
  const program = await startProgram({ cwd, args: ['demo'], env: settings });
  await waitFor('the first poll', async () => (await fetch(`${program.url}/readyz`)).ok);
  const options = {
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      NODE: process.execPath,
      PROGRAM: join(ROOT, 'dist/main.js'),
      WGQL_PORT: new URL(program.url).port,
      WGQL_TIME_ZONE: 'UTC',
    },
  };
  const scriptOf = (code: string) =>
    PRELUDE + code.replaceAll('http://127.0.0.1:8000', program.url);
  return {
    program,
    shell: async (code: string) => (await runFile('sh', ['-c', scriptOf(code)], options)).stdout,
    launch: (code: string) => spawn('sh', ['-c', scriptOf(code)], options),
  };
}

async function graphql({ url }: Program, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  expect(errors, query).toBeUndefined();
  return data;
}

/** Runs the blocks in their order; returns what they answered, by heading. */
async function runAll(
  { program, shell }: Awaited<ReturnType<typeof startDemo>>,
  blocks: readonly Block[],
): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const { language, code, heading } of blocks) {
    const answer =
      language === 'graphql'
        ? JSON.stringify(await graphql(program, code))
        : await shell(code).catch((error: Error) => expect.unreachable(`${heading}: ${error}`));
    answers.set(heading, `${answers.get(heading) ?? ''}${answer}\n`);
  }
  return answers;
}

const isExample = ({ language, code }: Block) =>
  language === 'graphql' || /^(?:wgql|curl) /.test(code);

describe('the examples of', { timeout: TIMEOUT_MS }, () => {
  it('the README and MONITORING.md work against the demo', async () => {
    const demo = await startDemo();
    const blocks = blocksOf(await readPage('README.md')).filter(isExample);
    const streams = blocks.filter(({ code }) => code.startsWith('curl -N'));
    const tour = blocks.filter((block) => !streams.includes(block));
    expect([tour.length, streams.length]).toEqual([1, 1]);
    const said = (await runAll(demo, tour)).get('A tour');
    expect(said).toMatch(/^Name +Eve\n/m);
    expect(said).toMatch(/^Bandwidth +10 Mbit\/s in each direction\n/m);
    expect(said).toContain('"nickname":"Bob phone"');
    expect(said).toContain('"session":{"startedAt":');
    const monitoring = blocksOf(await readPage('docs/MONITORING.md'))
      .filter(isExample)
      .filter(({ code }) => !code.includes('--follow'));
    const shown = await runAll(demo, monitoring);
    expect(shown.get('Health')).toContain('"status":"ok"');
    // One person of the demo is missing, and the status says so.
    expect(shown.get('Metrics for Prometheus')).toMatch(
      /^wireguard_received_bytes_total\{.+\} \d+$/m,
    );
    expect(shown.get('Metrics for Prometheus')).toContain('\nwgql_demo 1\n');
    expect(shown.get('The status')).toContain('"missing":1');
    expect(shown.get('The status')).toContain('"lastError":"1 managed user is MISSING');
    const received: string[] = [];
    const stream = demo.launch(streams[0]?.code ?? '');
    stream.stdout.setEncoding('utf8').on('data', (part: string) => received.push(part));
    await waitFor('an event', async () => received.join('').includes('"isOnline":true'));
    await demo.program.stop('SIGTERM');
  });

  it('RECIPES.md work against the demo, in their order', async () => {
    const demo = await startDemo();
    const blocks = blocksOf(await readPage('docs/RECIPES.md'));
    expect(blocks.filter((block) => !isExample(block))).toEqual([]);
    const answers = await runAll(demo, blocks);
    expect(answers.get('The top ten of this month')?.match(/^\d+ MB {2}\S/gm)).toHaveLength(10);
    expect(answers.get('Who was online yesterday')).toMatch(/"duration_seconds":\d+/);
    expect(answers.get("Bob's three devices")).toContain('"name":"Bob","totalUsers":3');
    expect(answers.get('See what is left')).toMatch(/^Quota +.* of 50\.0 GB a month$/m);
    const { user, users } = (await graphql(
      demo.program,
      `{
        user(id: 25) {
          nickname enabled managed bandwidthLimit expiresAt quota { limit period }
          enforcement { lastError }
        }
        users(first: 1000) { edges { node { id nickname } } }
      }`,
    )) as { user: unknown; users: { edges: { node: { id: string; nickname: string } }[] } };
    expect(user).toEqual({
      nickname: 'Eve',
      enabled: true,
      managed: true,
      bandwidthLimit: 1221,
      expiresAt: '2030-06-30T22:00:00.000Z',
      quota: { limit: String(50 * 1024 ** 3), period: 'MONTH' },
      enforcement: { lastError: null },
    });
    const nodes = users.edges.map(({ node }) => node);
    expect(nodes.map(({ nickname }) => nickname)).toEqual(
      expect.arrayContaining(['Mallory phone', 'Mallory laptop']),
    );
    expect(nodes.filter(({ id }) => ['8', '10', '26'].includes(id))).toEqual([]);
  });
});
