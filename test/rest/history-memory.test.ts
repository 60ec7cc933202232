import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { addManySessions } from '../fixtures/many-sessions.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { within } from '../live/support.ts';

const SESSIONS = 730_000;

/** All sessions take more than 200 MB as objects, and as much as text. */
const FAR_LESS = 50 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The bytes in use, without garbage. */
function bytesUsed(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('a list of 730 000 sessions is not in memory while it is sent', async () => {
  const app = await startTestApp();
  await app.restart({}, () =>
    addManySessions(join(app.folder, 'wgql.db'), {
      users: 500,
      sessions: SESSIONS,
      untilMs: app.clock.wallMs(),
    }),
  );
  await app.rest('/api/events/history?per_page=1');
  const before = bytesUsed();

  const request = get(`${app.url}/api/events/history`, { agent: false });
  const [response] = (await within('the answer', once(request, 'response'))) as [IncomingMessage];
  expect(response.headers['x-total-count']).toBe(String(SESSIONS));
  await within('the first part', once(response, 'readable'));
  expect(bytesUsed() - before).toBeLessThan(FAR_LESS);

  response.on('error', () => {});
  response.destroy();
});
