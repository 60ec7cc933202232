/**
 * A load generator in a process of its own: sends the same GET request over some connections, each the next one
 * once the last is answered, and reports how many were answered. It reads no more of an answer than it must, so
 * that it is never the slower side.
 */
import { Agent, get } from 'node:http';
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads answers from a connection; calls `onAnswer` with the status of each. */
function answersOf(socket, onAnswer) {
  let status = 0;
  let left = 0;
  let isChunked = false;
  let head = Buffer.alloc(0);
  socket.on('data', (data) => {
    let rest = data;
    while (rest.length > 0) {
      if (status === 0) {
        head = head.length === 0 ? rest : Buffer.concat([head, rest]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        const text = head.toString('latin1', 0, end);
        status = Number(text.slice(9, 12));
        isChunked = /transfer-encoding: chunked/i.test(text);
        left = status === 304 ? 0 : Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        rest = head.subarray(end + 4);
        head = Buffer.alloc(0);
      }
      if (isChunked) {
        // The last chunk of what this program sends is written by itself.
        if (rest.subarray(-5).toString('latin1') !== '0\r\n\r\n') return;
        rest = rest.subarray(rest.length);
      } else {
        const taken = Math.min(left, rest.length);
        left -= taken;
        rest = rest.subarray(taken);
        if (left > 0) return;
      }
      const answered = status;
      status = 0;
      onAnswer(answered);
    }
    if (status !== 0 && !isChunked && left === 0) {
      const answered = status;
      status = 0;
      onAnswer(answered);
    }
  });
}

/** Stands in a body for a number that is different in each request. */
const NUMBER = '00000000';

function run({ url, method = 'GET', body = '', headers = {}, connections, ms }) {
  const { hostname, port, pathname, search, host } = new URL(url);
  const given = { host, ...headers, ...(body && { 'content-length': Buffer.byteLength(body) }) };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const request = Buffer.from(`${head}${body}`);
  let sent = 0;
  const next = body.includes(NUMBER)
    ? () => head + body.replace(NUMBER, String(++sent).padStart(NUMBER.length, '0'))
    : () => request;
  return new Promise((resolve, reject) => {
    let answered = 0;
    const statuses = {};
    const latencies = [];
    const sockets = Array.from({ length: connections }, () => {
      const socket = connect(Number(port), hostname, () => send());
      let sentAt = 0;
      const send = () => {
        sentAt = performance.now();
        socket.write(next());
      };
      answersOf(socket, (status) => {
        answered++;
        statuses[status] = (statuses[status] ?? 0) + 1;
        latencies.push(performance.now() - sentAt);
        send();
      });
      socket.on('error', reject);
      return socket;
    });
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
      latencies.sort((a, b) => a - b);
      const at = (share) => latencies[Math.floor(latencies.length * share)] ?? null;
      resolve({
        perSecond: (answered * 1000) / ms,
        statuses,
        p50: at(0.5),
        p99: at(0.99),
        max: at(0.999999),
      });
    }, ms);
  });
}

/** Asks again and again; reports how long the answers took that differ from the one before, by their ETag if any. */
async function watchChanges({ url, changes, everyMs }) {
  const agent = new Agent({ keepAlive: true });
  const times = [];
  let tag = '';
  while (times.length < changes + 1) {
    const headers = { 'if-none-match': tag };
    const { status, ms, etag } = await readWhole({ url, agent, headers });
    if (status === 200) times.push(ms);
    tag = etag ?? '';
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  agent.destroy();
  // The first answer is no change.
  const sorted = times.slice(1).toSorted((a, b) => a - b);
  return { ms: sorted[Math.floor(sorted.length / 2)] };
}

/** Reads an answer to its end. */
function readWhole({ url, agent = false, headers = {} }) {
  const begunAt = performance.now();
  let firstByteMs = null;
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      response.on('data', (data) => {
        firstByteMs ??= performance.now() - begunAt;
        bytes += data.length;
      });
      response.on('end', () => {
        const { statusCode: status, headers } = response;
        const ms = performance.now() - begunAt;
        resolve({ status, etag: headers.etag, firstByteMs, bytes, ms });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

const KINDS = { rate: run, changes: watchChanges, whole: readWhole };

process.on('message', async ({ kind = 'rate', ...order }) =>
  process.send(await KINDS[kind](order)),
);
