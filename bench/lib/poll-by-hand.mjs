/**
 * What a poll cannot do without: each second, reads a daemon's socket, splits the answer into peers and writes those
 * that moved with one statement.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';

function read(socketPath) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect(socketPath, () => socket.write('get=1\n\n'));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (chunk.at(-1) !== 10 || chunk.at(-2) !== 10) return;
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });
}

const FIELDS =
  /^([0-9a-f]+)[\s\S]*?last_handshake_time_sec=(\d+)[\s\S]*?tx_bytes=(\d+)\nrx_bytes=(\d+)/;

process.once('message', async ({ socketPath, isMoving, everyMs }) => {
  const folder = mkdtempSync(join(tmpdir(), 'wgql-hand-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const db = new SQLite(join(folder, 'hand.db'));
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE peer (key TEXT PRIMARY KEY, handshake INTEGER, tx INTEGER, rx INTEGER)');
  const write = db.prepare(
    `INSERT INTO peer SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
     ON CONFLICT (key) DO UPDATE SET handshake = excluded.handshake, tx = excluded.tx, rx = excluded.rx`,
  );
  let polls = 0;
  const poll = async () => {
    const peers = (await read(socketPath)).split('public_key=');
    if (isMoving) {
      const rows = peers.slice(1).map((peer) => {
        const [, key, ...numbers] = FIELDS.exec(peer);
        return [key, ...numbers.map(Number)];
      });
      write.run(JSON.stringify(rows));
    }
    polls++;
  };
  setInterval(poll, everyMs);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMs: (user + system) / 1000, polls });
  });
  process.on('disconnect', () => process.exit(0));
  process.send({});
});
