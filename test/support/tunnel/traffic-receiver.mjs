// Counts what arrives. Config: JSON in argv[2]. Writes its port once it listens, then answers
// each line on stdin with one line of JSON; ends when stdin does.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const { proto, address, port } = JSON.parse(process.argv[2]);
let bytes = 0;
let firstMs = null;
let lastMs = null;
let ended = false;

function count(length) {
  bytes += length;
  lastMs = performance.now();
  firstMs ??= lastMs;
}

function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

if (proto === 'tcp') {
  const server = createServer((socket) => {
    socket.on('data', (chunk) => count(chunk.length));
    socket.on('error', () => {});
    socket.on('close', () => {
      ended = true;
    });
  });
  server.listen({ host: address, port }, () => answer({ port: server.address().port }));
} else {
  const type = address.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: 4 * 1024 * 1024 });
  socket.on('message', (message) => count(message.length));
  socket.bind({ address, port }, () => answer({ port: socket.address().port }));
}

const lines = createInterface({ input: process.stdin });
lines.on('line', () => answer({ bytes, nowMs: performance.now(), firstMs, lastMs, ended }));
lines.on('close', () => process.exit());
