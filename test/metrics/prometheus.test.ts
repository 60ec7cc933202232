import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { type MadeToken, makeStaff } from '../fixtures/tokens.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { type Fleet, send, startFleet } from '../rest/support.ts';
import { DEPLOY, describePrometheus, type Prometheus, promtool, startPrometheus } from './tools.ts';

const NAME = 'Ada "the\\first"';

interface Scraped {
  readonly app: Fleet;
  readonly prometheus: Prometheus;
  readonly operator: MadeToken;
}

/** A fleet with something of everything, and a Prometheus that has scraped it several times. */
async function startScraped(env: Record<string, string> = {}): Promise<Scraped> {
  const app = await startFleet({ env: { WGQL_METRICS_LABELS: 'full', ...env } });
  const { operator, viewer } = await makeStaff(app);
  await app.whilePolling(
    app.post('/api/users/1/update', { data_limit: 1, nickname: NAME }, operator.headers),
  );
  await app.graphql('{ status { stale } }', {}, operator.headers);
  Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
  await app.polled();
  const { metricsUrl } = app.app;
  const prometheus = await startPrometheus(
    metricsUrl === null ? { url: app.url, token: viewer.secret } : { url: metricsUrl },
  );
  await waitFor('some scrapes', async () => {
    const [scrapes] = await prometheus.query('count_over_time(up{job="wgql"}[1m])');
    return (scrapes?.value ?? 0) >= 3;
  });
  return { app, prometheus, operator };
}

/** The queries of the board, with its variables filled in, and the title of their panel. */
async function boardQueries(): Promise<[title: string, expression: string][]> {
  const board = JSON.parse(await readFile(join(DEPLOY, 'grafana/wgql.json'), 'utf8'));
  const filled = (expression: string) =>
    expression
      .replaceAll('$__rate_interval', '1m')
      .replaceAll('$job', 'wgql')
      .replaceAll(/\$(instance|interface)/g, '.*');
  return board.panels.flatMap((panel: { title: string; targets: { expr: string }[] }) =>
    panel.targets.map(({ expr }) => [panel.title, filled(expr)]),
  );
}

/** Panels of which an idle server may have no values. */
const MAY_BE_EMPTY: readonly string[] = ['Events'];

describePrometheus('promtool', () => {
  const fleet = shared(() => startFleet({ env: { WGQL_METRICS_LABELS: 'full' } }));
  const check = async (app: TestApp) => {
    const { text } = await send(app, { path: '/metrics' });
    return promtool(['check', 'metrics'], text);
  };

  it('has nothing to say about the metrics', async () => {
    expect(await check(fleet())).toEqual({ code: 0, output: '' });
  });

  it('reads names with quotes, backslashes and newlines', async () => {
    const app = await startFleet({ env: { WGQL_METRICS_LABELS: 'full' } });
    await app.whilePolling(app.post('/api/users/1/update', { nickname: `${NAME} 张三 {}=,` }));
    expect(await check(app)).toEqual({ code: 0, output: '' });
  });

  it('accepts the example of a configuration', async () => {
    const args = ['check', 'config', '--syntax-only', 'prometheus/prometheus.yml'];
    expect(await promtool(args)).toMatchObject({ code: 0 });
  });

  it('accepts the alerts, and their tests pass', async () => {
    expect(await promtool(['check', 'rules', 'prometheus/wgql.rules.yml'])).toMatchObject({
      code: 0,
    });
    expect(await promtool(['test', 'rules', 'prometheus/wgql.rules.test.yml'])).toMatchObject({
      code: 0,
    });
  });

  it('tests each of the alerts', async () => {
    const [rules, tests] = await Promise.all(
      ['wgql.rules.yml', 'wgql.rules.test.yml'].map((name) =>
        readFile(join(DEPLOY, 'prometheus', name), 'utf8'),
      ),
    );
    const alerts = [...(rules ?? '').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const tested = [...(tests ?? '').matchAll(/alertname: (\w+)\n\s+exp_alerts/g)];
    expect(alerts.length).toBeGreaterThan(0);
    expect(tested.map(([, name]) => name)).toEqual(alerts);
  });
});

describePrometheus('Prometheus', () => {
  const scraped = shared(startScraped);

  it('scrapes with a token, without an error', async () => {
    const { prometheus } = scraped();
    const { activeTargets } = await prometheus.api('targets');
    expect(activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
    expect((await prometheus.query('up{job="wgql"}'))[0]?.value).toBe(1);
  });

  it('has the bytes of a user under its labels', async () => {
    const { app, prometheus } = scraped();
    const { publicKey } = app.online;
    const query = `wireguard_received_bytes_total{public_key="${publicKey}"}`;
    const [series, ...more] = await prometheus.query(query);
    expect(more).toEqual([]);
    expect(series).toMatchObject({
      value: 1_000,
      metric: { interface: 'wg0', public_key: publicKey, friendly_name: NAME, job: 'wgql' },
    });
  });

  it('knows the types of the metrics', async () => {
    const metadata = await scraped().prometheus.api('metadata');
    expect(
      metadata.wireguard_received_bytes_total ?? metadata.wireguard_received_bytes,
    ).toMatchObject([{ type: 'counter', help: 'Bytes received from the peer' }]);
    expect(metadata.wgql_poll_duration_seconds).toMatchObject([{ type: 'histogram' }]);
  });

  it('evaluates the alerts without an error, and none of them fires', async () => {
    const { prometheus } = scraped();
    const groups = await waitFor('the first evaluation', async () => {
      const { groups: some } = await prometheus.api('rules');
      const all = some.flatMap((group: { rules: { health: string }[] }) => group.rules);
      return all.every((rule: { health: string }) => rule.health !== 'unknown') ? all : null;
    });
    expect(groups.length).toBeGreaterThan(0);
    for (const rule of groups) expect(rule).toMatchObject({ health: 'ok', state: 'inactive' });
  });

  it('answers every query of the board', async () => {
    const { prometheus } = scraped();
    const queries = await boardQueries();
    expect(queries.length).toBeGreaterThan(15);
    const empty: string[] = [];
    for (const [title, expression] of queries) {
      const values = await prometheus.query(expression);
      if (values.length === 0) empty.push(title);
    }
    expect(empty.filter((title) => !MAY_BE_EMPTY.includes(title))).toEqual([]);
  });

  it('scrapes the listener without a token, and ends the series of a deleted user', async () => {
    const { app, prometheus, operator } = await startScraped({
      WGQL_METRICS_LISTEN: '127.0.0.1:0',
    });
    const { publicKey } = app.offline;
    const query = `wgql_peer_online{public_key="${publicKey}"}`;
    expect(await prometheus.query(query)).toHaveLength(1);
    const deletion = 'mutation { deleteUser(id: "2") { deletedId } }';
    const { errors } = await app.whilePolling(app.graphql(deletion, {}, operator.headers));
    expect(errors).toBeUndefined();
    await waitFor('its end', async () => (await prometheus.query(query)).length === 0);
  });
});
