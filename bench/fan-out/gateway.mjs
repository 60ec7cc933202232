/** wgql's own server and store, without a poller: the rates are published by the parent's order. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccess } from '../../src/access/index.ts';
import { readConfig } from '../../src/config/config.ts';
import { calendarOf } from '../../src/domain/time/calendar.ts';
import { systemClock } from '../../src/domain/time/clock.ts';
import { createLog, createLogger } from '../../src/process/log.ts';
import { startServer } from '../../src/server/index.ts';
import { openServices } from '../../src/services.ts';
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
const [clock, calendar] = [systemClock, calendarOf(config.timeZone)];
const log = createLog(createLogger('silent', 'UTC'), 'en');
// The simulated WireGuard is never read: nothing is started but the server.
const { services, instruments } = await openServices({
  ...{ config: { ...config, demo: true }, store, calendar, clock, log },
  access: await openAccess({ config, store: store.tokens, logins: store.logins, clock, log }),
  secrets: await openSecretBox(config.secretKeyFile),
  tracer: null,
  startedAt: new Date(),
});
const server = await startServer({
  ...{ services, instruments },
  onInternalError: (error) => process.stderr.write(`${error}\n`),
});
serve({
  url: `${server.url.replace('http', 'ws')}/graphql`,
  tick: () => services.bus.publish('traffic', newRates()),
});
