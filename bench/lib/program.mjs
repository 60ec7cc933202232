/**
 * The whole program over a WireGuard in memory. The first message says how many peers there are and how many of
 * them move between two polls; it reports its address, and later what it has used.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { systemClock } from '../../src/domain/time/clock.ts';
import { createLogger } from '../../src/process/log.ts';
import { askUapi } from '../../src/wg/read/ask-uapi.ts';
import { uapiParser } from '../../src/wg/read/uapi.ts';
import { keyOf } from './peers.mjs';

let polls = 0;

const NO_HOST = {
  commands: {},
  nftTable: {
    apply: async () => ({ limitedUserIds: [] }),
    isThere: async () => false,
    cleanup: async () => {},
  },
  hostNetworks: {
    networksOf: () => ['10.0.0.1/8'],
    routesOf: () => [],
    networksBeside: () => [],
    publicAddress: async () => null,
  },
};

function memoryWireGuard({ peers, moving }) {
  const all = Array.from({ length: peers }, (_, index) => ({
    publicKey: keyOf(index),
    endpoint: `198.51.100.${index % 250}:${20_000 + (index % 40_000)}`,
    allowedIps: [`10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}/32`],
    latestHandshake: Math.floor(Date.now() / 1000),
    rxBytes: 1_000_000n,
    txBytes: 2_000_000n,
    persistentKeepaliveSeconds: 25,
    presharedKeyDigest: null,
  }));
  let reads = 0;
  return {
    read: async () => {
      const handshake = Math.floor(Date.now() / 1000);
      for (let index = 0; index < moving; index++) {
        const peer = all[index];
        all[index] = {
          ...peer,
          rxBytes: peer.rxBytes + 1_000n + BigInt(index),
          txBytes: peer.txBytes + 10_000n + BigInt(index),
          latestHandshake: reads % 60 === index % 60 ? handshake : peer.latestHandshake,
        };
      }
      reads++;
      const read = {
        kind: 'read',
        publicKey: keyOf('own'),
        listenPort: 51820,
        peers: [...all],
        unknownPeers: [],
      };
      return { notice: null, interfaces: [{ name: 'wg0', generation: { ifindex: '3' }, read }] };
    },
    ...NO_HOST,
  };
}

/** Reads the socket of a daemon as the program does, without looking for its network device. */
function socketWireGuard(socketPath) {
  const newResponse = uapiParser();
  return {
    read: async () => {
      const response = newResponse();
      await askUapi(socketPath, new AbortController().signal, response.add);
      const read = response.end();
      polls++;
      return { notice: null, interfaces: [{ name: 'wg0', generation: { ifindex: '3' }, read }] };
    },
    ...NO_HOST,
  };
}

/** A database file that is removed when this process ends. */
function temporaryDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'wgql-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return join(folder, 'wgql.db');
}

process.once('message', async ({ peers = 0, moving = 0, socketPath, databaseFile: given }) => {
  const databaseFile = given ?? temporaryDatabase();
  const config = readConfig({
    WGQL_PORT: '0',
    WGQL_DATABASE_URL: `file:${databaseFile}`,
    WGQL_MANAGE: 'off',
    WGQL_TIME_ZONE: 'UTC',
    WGQL_POLL_INTERVAL_MS: '1000',
  });
  const app = createApp(config, {
    wireguard: socketPath ? socketWireGuard(socketPath) : memoryWireGuard({ peers, moving }),
    clock: systemClock,
    log: createLogger('error', 'UTC'),
  });
  await app.start();
  let meter;
  let waits = [];
  /** Measures how long others wait for the thread; that costs some CPU time itself. */
  const startMeter = () => {
    let lastAt = performance.now();
    waits = [];
    meter = setInterval(() => {
      const now = performance.now();
      waits.push(now - lastAt - 1);
      lastAt = now;
    }, 1);
  };
  process.on('message', ({ isMetered = false }) => {
    const { user, system } = process.cpuUsage();
    clearInterval(meter);
    waits.sort((a, b) => a - b);
    process.send({
      cpuMs: (user + system) / 1000,
      polls,
      rssMb: process.memoryUsage().rss / 2 ** 20,
      longestMs: waits.at(-1),
      wait99Ms: waits[Math.floor(waits.length * 0.99)],
    });
    if (isMetered) startMeter();
  });
  process.on('disconnect', async () => {
    await app.stop();
    process.exit(0);
  });
  process.send({ url: app.url, databaseFile });
});
