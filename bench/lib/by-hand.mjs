/** A server that lists the users of a database as a program without any of wgql's layers would. */
import { createServer } from 'node:http';
import SQLite from 'better-sqlite3';

process.once('message', ({ databaseFile }) => {
  const db = new SQLite(databaseFile, { readonly: true });
  const select = db.prepare(
    `SELECT u."id", u."publicKey" AS "peer_pubkey", u."nickname", u."mail", u."phone",
            u."endpoint" AS "login_ip", u."bandwidthLimit" AS "bandwidth_limit",
            u."dataLimit" AS "data_limit", u."expiresAt" AS "expiry_date", u."online" AS "status",
            u."enabled", u."rx" - u."offsetRx" AS "total_rx", u."tx" - u."offsetTx" AS "total_tx",
            s."startedAt" AS "last_login", u."createdAt" AS "created_at",
            u."updatedAt" AS "updated_at"
     FROM "User" AS u LEFT JOIN "Session" AS s ON s."id" = u."latestSessionId" ORDER BY u."id"`,
  );
  const server = createServer((_, response) => {
    const body = Buffer.from(JSON.stringify(select.all()));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () =>
    process.send({ url: `http://127.0.0.1:${server.address().port}/` }),
  );
  process.on('disconnect', () => process.exit(0));
});
