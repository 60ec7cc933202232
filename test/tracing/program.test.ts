import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { startCollector } from './support.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** What only the file of the exporter contains. */
const EXPORTER = 'OTLPTraceExporter';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-traces-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The files of the bundle that a run of the program loaded, as its engine reports them. */
async function loadedBy(env: Record<string, string>): Promise<string[]> {
  const [cwd, coverage] = [await newFolder(), await newFolder()];
  const program = await startProgram({
    cwd,
    args: ['demo'],
    env: { ...env, NODE_V8_COVERAGE: coverage },
  });
  await fetch(`${program.url}/api/events/history`);
  expect((await program.stop('SIGTERM')).code).toBe(0);
  const reports = await Promise.all(
    (await readdir(coverage)).map((name) => readFile(join(coverage, name), 'utf8')),
  );
  const urls = reports.flatMap((text) =>
    (JSON.parse(text).result as { url: string }[]).map(({ url }) => url),
  );
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
}

async function filesWith(text: string): Promise<string[]> {
  const names = (await readdir(DIST)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(names.map((name) => readFile(join(DIST, name), 'utf8')));
  return names.filter((_, index) => texts[index]?.includes(text)).map((name) => join(DIST, name));
}

it('Nothing of the exporter and its SDK is loaded unless a collector is named.', async () => {
  const collector = await startCollector();
  const [exporter = '', ...others] = await filesWith(EXPORTER);
  expect(others).toEqual([]);
  for (const part of ['BatchSpanProcessorBase', 'W3CTraceContextPropagator']) {
    expect(await filesWith(part)).toEqual([exporter]);
  }
  const without = await loadedBy({});
  expect(without).toContain(join(DIST, 'main.js'));
  expect(without).not.toContain(exporter);
  expect(await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).toContain(exporter);
});

it('The program follows the other variables of the SDK.', async () => {
  const collector = await startCollector();
  const program = await startProgram({
    cwd: await newFolder(),
    args: ['demo'],
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/of-traces`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=seven',
      OTEL_SERVICE_NAME: 'vpn-gateway',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await fetch(`${program.url}/api/events/history`, { headers: { traceparent } });
  await fetch(`${program.url}/api/status`);
  await collector.received('GET /api/events/history');
  expect((await program.stop('SIGTERM')).code).toBe(0);
  for (const { path, headers } of collector.requests) {
    expect([path, headers['x-tenant']]).toEqual(['/of-traces', 'seven']);
  }
  expect(collector.resource).toMatchObject({
    'service.name': 'vpn-gateway',
    'deployment.environment.name': 'lab',
  });
  // The one trace whose sender records it.
  expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(collector.one('GET /api/events/history')).toBeDefined();
});

it('The reading of each interface is a span within its poll, with a code if it failed.', async () => {
  const collector = await startCollector();
  const program = await startProgram({
    cwd: await newFolder(),
    // It exists on every machine, and is no interface of WireGuard.
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      WGQL_INTERFACES: 'lo',
    },
  });
  await collector.received('poll');
  expect((await program.stop('SIGTERM')).code).toBe(0);
  const reads = collector.spans.filter(({ name }) => name === 'wireguard read lo');
  expect(reads.map(({ failure }) => failure)).toContain('UNAVAILABLE');
  for (const read of reads) expect(collector.pathTo(read)).toEqual(['poll', 'wireguard read lo']);
});

it('A collector that is down is one warning, and one line says when it works again.', async () => {
  const { url, stop } = await startCollector();
  await stop();
  const program = await startProgram({
    cwd: await newFolder(),
    args: ['demo'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      WGQL_POLL_INTERVAL_MS: '100',
    },
  });
  const linesWith = (text: string) => program.lines.filter((line) => line.includes(text));
  const request = async () => expect((await fetch(`${program.url}/api/status`)).status).toBe(200);
  await waitFor('the warning', async () => linesWith('Traces cannot be sent').length > 0);
  for (let count = 0; count < 20; count++) await request();
  const collector = await startCollector(Number(new URL(url).port));
  await waitFor(
    'the end of the failure',
    async () => linesWith('sent to the collector again').length > 0,
  );
  expect(linesWith('Traces cannot be sent')).toHaveLength(1);
  expect(linesWith('sent to the collector again')).toHaveLength(1);
  expect(collector.requests.length).toBeGreaterThan(0);
  expect(await program.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
});

it('A stop does not wait for a collector that does not answer.', async () => {
  const silent = await startCollector(0, { answers: false });
  const program = await startProgram({
    cwd: await newFolder(),
    args: ['demo'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: silent.url },
  });
  const { code, lines } = await program.stop('SIGTERM');
  expect(code).toBe(0);
  expect(lines.filter((line) => line.includes('for the last spans'))).toHaveLength(1);
});
