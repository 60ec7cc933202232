// Sends zeros. Config: JSON in argv[2]; `bytes` null sends until killed, `ratePerSecond` null as
// fast as it goes. Writes one line once it can send; exits with 0 when all has been sent.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const { proto, address, port, bytes, ratePerSecond, datagramBytes } = JSON.parse(process.argv[2]);
const CONNECT_MS = 10_000;
const IDLE_MS = 5;
const BATCH = 32;
let sent = 0;
let startMs = 0;

/** How many bytes may go now: 0 when the rate forbids `unit` more. */
function allowance(unit) {
  const left = bytes === null ? unit : Math.min(unit, bytes - sent);
  if (ratePerSecond === null) return left;
  const due = ((performance.now() - startMs) / 1000) * ratePerSecond - sent;
  if (proto === 'udp') return due >= left ? left : 0;
  return Math.max(0, Math.min(left, Math.floor(due)));
}

function start() {
  startMs = performance.now();
  process.stdout.write('sending\n');
}

async function sendStream() {
  const socket = connect({ host: address, port });
  const timer = setTimeout(() => {
    socket.destroy(new Error(`No TCP connection within ${CONNECT_MS} ms`));
  }, CONNECT_MS);
  await once(socket, 'connect');
  clearTimeout(timer);
  start();
  const zeros = Buffer.alloc(65_536);
  while (bytes === null || sent < bytes) {
    const length = allowance(zeros.length);
    if (length === 0) {
      await delay(IDLE_MS);
      continue;
    }
    sent += length;
    if (!socket.write(zeros.subarray(0, length))) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
}

async function sendDatagrams() {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  // A datagram that a firewall refuses is a lost one.
  socket.on('error', () => {});
  socket.connect(port, address);
  await once(socket, 'connect');
  start();
  const zeros = Buffer.alloc(datagramBytes);
  while (bytes === null || sent < bytes) {
    const batch = [];
    while (batch.length < BATCH) {
      const length = allowance(datagramBytes);
      if (length === 0) break;
      sent += length;
      batch.push(new Promise((resolve) => socket.send(zeros.subarray(0, length), resolve)));
    }
    await (batch.length === 0 ? delay(IDLE_MS) : Promise.all(batch));
  }
  socket.close();
}

await (proto === 'tcp' ? sendStream() : sendDatagrams());
