import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { fakeWireGuard } from '../fixtures/fake-wireguard.ts';
import { testClock } from '../fixtures/test-clock.ts';

let app: App;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-test-'));
  const clock = testClock();
  const env = {
    WGQL_PORT: '0',
    WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
    WGQL_LOG_LEVEL: 'silent',
  };
  app = createApp(readConfig(env), { clock, wireguard: fakeWireGuard(clock) });
  await app.start();
});

afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

const audits = serverAudits({ url: () => `${app.url}/graphql`, fetchFn: fetch });

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  it('is audited in 61 points', () => {
    expect(new Set(audits.map(({ id }) => id)).size).toBe(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn();
    // A recommendation that is not followed ("warn", "notice") also counts as a failure.
    const reason = result.status === 'ok' ? '' : `${result.id}: ${result.reason}`;
    expect(result.status, reason).toBe('ok');
  });
});
