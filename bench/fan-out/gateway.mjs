/** wgql's own server and store, without a poller: the rates are published by the parent's order. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccess } from '../../src/access/index.ts';
import { oneTimeLinks } from '../../src/access/one-time-links.ts';
import { readConfig } from '../../src/config/config.ts';
import { calendarOf } from '../../src/domain/time/calendar.ts';
import { systemClock } from '../../src/domain/time/clock.ts';
import { EMPTY_STATE } from '../../src/domain/tracking/tracker-state.ts';
import { createBus } from '../../src/live/bus.ts';
import { createInstruments } from '../../src/metrics/instruments.ts';
import { createLog, createLogger } from '../../src/process/log.ts';
import { startServer } from '../../src/server/index.ts';
import { openSecretBox } from '../../src/store/files/secret-box.ts';
import { openStore } from '../../src/store/index.ts';
import { newRates, serve, USERS } from './broadcaster.mjs';

const folder = mkdtempSync(join(tmpdir(), 'wgql-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
const config = readConfig({
  WGQL_PORT: '0',
  WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
  WGQL_MAX_SOCKETS_PER_ADDRESS: '10000',
});
const store = await openStore(config.databaseUrl, {
  now: new Date(),
  calendar: calendarOf(config.timeZone),
  onProgress: () => {},
});
for (let number = 1; number <= USERS; number++) {
  await store.commands.create(
    `key ${number}`,
    () => ({ fields: { nickname: `User_${number}` }, eventTypes: [] }),
    { actor: 'bench', action: 'createUser', at: new Date() },
  );
}
const instruments = createInstruments();
const bus = createBus(instruments);
const log = createLog(createLogger('silent', 'UTC'), 'en');
const server = await startServer({
  services: {
    config,
    store,
    bus,
    clock: systemClock,
    calendar: calendarOf('UTC'),
    access: await openAccess({ config, store: store.tokens, clock: systemClock, log }),
    secrets: await openSecretBox(config.secretKeyFile),
    pollerStatus: () => ({ running: true, lastPollAt: null, problem: null, stale: false }),
    pollNow: async () => {},
    tracked: () => EMPTY_STATE,
    networks: { networksOf: () => [], publicAddress: async () => null },
    clientLinks: oneTimeLinks(systemClock),
    startedAt: new Date(),
    version: 'bench',
  },
  instruments,
  onInternalError: (error) => process.stderr.write(`${error}\n`),
});
serve({
  url: `${server.url.replace('http', 'ws')}/graphql`,
  tick: () => bus.publish('traffic', newRates()),
});
