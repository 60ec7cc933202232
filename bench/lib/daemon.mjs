/**
 * A process that answers `get=1` on a socket as a userspace WireGuard daemon does, with the peers in another order
 * each time. At each request, some of the peers have moved bytes since the one before.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function peersOf(count) {
  const nowS = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, index) => ({
    head: [
      `public_key=${Buffer.from(String(index).padStart(32, '0')).toString('hex')}`,
      `preshared_key=${'0'.repeat(64)}`,
      'protocol_version=1',
      `endpoint=198.51.100.${index % 250}:${20_000 + (index % 40_000)}`,
      '',
    ].join('\n'),
    tail: [
      'persistent_keepalive_interval=25',
      `allowed_ip=10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}/32`,
      '',
    ].join('\n'),
    handshake: nowS - (index % 120),
    rx: 1_000_000 + index,
    tx: 2_000_000 + index,
  }));
}

function answerOf(peers, moving, request) {
  const nowS = Math.floor(Date.now() / 1000);
  const parts = [`private_key=${'11'.repeat(32)}\nlisten_port=51820\n`];
  const first = (request * 7919) % Math.max(1, peers.length);
  for (let at = 0; at < peers.length; at++) {
    const index = (first + at) % peers.length;
    const peer = peers[index];
    if (index < moving) {
      peer.rx += 1_000 + index;
      peer.tx += 10_000 + index;
      if (nowS - peer.handshake >= 120) peer.handshake = nowS;
    }
    parts.push(
      `${peer.head}last_handshake_time_sec=${peer.handshake}\nlast_handshake_time_nsec=0\n` +
        `tx_bytes=${peer.tx}\nrx_bytes=${peer.rx}\n${peer.tail}`,
    );
  }
  return `${parts.join('')}errno=0\n\n`;
}

process.once('message', ({ peers, moving }) => {
  const folder = mkdtempSync(join(tmpdir(), 'wgql-daemon-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const all = peersOf(peers);
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(answerOf(all, moving, requests++)));
    socket.on('error', () => {});
  });
  const socketPath = join(folder, 'bench0.sock');
  server.listen(socketPath, () => process.send({ socketPath }));
  process.on('disconnect', () => process.exit(0));
});
