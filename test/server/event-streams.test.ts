import { expect, it, onTestFinished } from 'vitest';
import type { TestApp } from '../fixtures/test-app.ts';
import { DASHBOARD, within } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

async function open(app: TestApp, query: string, method: 'GET' | 'POST'): Promise<Response> {
  const aborting = new AbortController();
  onTestFinished(() => aborting.abort());
  const accept = { accept: 'text/event-stream', 'accept-encoding': 'gzip, br' };
  const url = `${app.url}/graphql`;
  const { signal } = aborting;
  const response =
    method === 'GET'
      ? fetch(`${url}?${new URLSearchParams({ query })}`, { headers: accept, signal })
      : fetch(url, {
          method,
          headers: { ...accept, 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
          signal,
        });
  return within('the head of the answer', response);
}

function expectPassedOn({ headers }: Response, what: string): void {
  expect(headers.get('content-type'), what).toMatch(/^text\/event-stream\b/);
  expect(headers.get('x-accel-buffering'), what).toBe('no');
  expect(headers.get('cache-control'), what).toBe('no-cache, no-transform');
}

it('every event stream instructs proxies to forward it immediately, even a failed or finished one', async () => {
  const app = await startFleet({ env: { WGQL_MAX_SOCKETS_PER_ADDRESS: '2' } });
  const queries = [
    'subscription { nothing }',
    'subscription {',
    '{ status { demo } }',
    'subscription { events(after: "99") { id } }',
    DASHBOARD,
    'subscription { events { id } }',
    // Exceeds the limit by one.
    'subscription { presence { at } }',
  ];
  for (const query of queries) expectPassedOn(await open(app, query, 'POST'), query);
  for (const query of queries.slice(0, 3)) expectPassedOn(await open(app, query, 'GET'), query);
});

it('an event stream sends its head and a first byte immediately, and further bytes while nothing happens', async () => {
  const app = await startFleet();
  for (const query of [
    'subscription { events { id } }',
    'subscription { liveTraffic { rxBytesPerSecond } }',
  ]) {
    const response = await open(app, query, 'POST');
    expectPassedOn(response, query);
    const reader = response.body?.getReader();
    for (let index = 0; index < 3; index++) {
      const { value } = (await within('a byte', reader?.read() ?? Promise.reject())) ?? {};
      expect(Buffer.from(value ?? []).toString()).toBe(':\n\n');
    }
  }
});

it('a response that is not an event stream is not stored, and has no headers for proxies', async () => {
  const app = await startFleet();
  const { headers } = await fetch(`${app.url}/graphql?query={status{demo}}`);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-accel-buffering')).toBeNull();
});
