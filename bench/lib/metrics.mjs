/** Writes the metrics of peers, and the same numbers in other ways; each order is answered with its duration. */
import { Gauge, Registry } from 'prom-client';
import { PEER_FAMILIES, peerLabels } from '../../src/metrics/peers.ts';
import { writeMetrics } from '../../src/metrics/text.ts';
import { collector } from '../../src/server/metrics/collect.ts';
import { keyOf } from './peers.mjs';

const NOW_MS = 1_768_478_400_000;

const nameOf = (index) => ({
  publicKey: keyOf(index),
  allowedIps: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}/32`,
  nickname: `User_${index}`,
});

const peersOf = (count, which) =>
  Array.from({ length: count }, (_, index) => ({
    labels: peerLabels(nameOf(index), 'wg0', which),
    rxBytes: 1_000_000_007n * BigInt(index),
    txBytes: 10_000_000_019n * BigInt(index),
    handshakeSeconds: Math.floor(NOW_MS / 1000) - (index % 180),
    isOnline: index % 2 === 0,
    sessionStartMs: index % 2 === 0 ? NOW_MS - index * 1000 : null,
    quota:
      index % 4 === 0 ? { limitBytes: 2n ** 40n, usedBytes: 1_000_003n * BigInt(index) } : null,
  }));

let expectedBytes = 0;

const WRITERS = {
  wgql: (peers) => {
    const written = { peers, peerFamilies: PEER_FAMILIES, families: [], nowMs: NOW_MS };
    const collected = collector(expectedBytes);
    for (const part of writeMetrics(written, 'prometheus')) collected.add(part);
    expectedBytes = collected.bytes().length + 512 * 1024;
  },
  json: (peers) => {
    const plain = (_, value) => (typeof value === 'bigint' ? String(value) : value);
    return Buffer.from(JSON.stringify(peers, plain));
  },
  promClient: async (peers) => {
    const registry = new Registry();
    const gauges = PEER_FAMILIES.map(
      ({ name, help }) =>
        new Gauge({ name, help, labelNames: ['interface', 'public_key'], registers: [registry] }),
    );
    for (const [index, peer] of peers.entries()) {
      const labels = { interface: 'wg0', public_key: keyOf(index) };
      for (const [at, { valueFor }] of PEER_FAMILIES.entries()) {
        const value = valueFor(peer, NOW_MS);
        if (value !== null) gauges[at].set(labels, Number(value));
      }
    }
    return Buffer.from(await registry.metrics());
  },
};

const kept = new Map();

process.on('message', async ({ count, writer, which = 'keys' }) => {
  const peers = kept.get(which) ?? peersOf(count, which);
  kept.set(which, peers);
  const begunAt = performance.now();
  await WRITERS[writer](peers);
  process.send({ ms: performance.now() - begunAt });
});
process.on('disconnect', () => process.exit(0));
