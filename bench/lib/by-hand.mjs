/**
 * A server that lists the users of a database as a program without any of wgql's layers would: all of them, and
 * at `/page` the first 100 by cursor.
 */
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
  const page = db.prepare(
    `SELECT CAST("id" AS TEXT) AS "id", "publicKey", "nickname", "online", "enabled", "interface",
            "createdAt", "updatedAt", CAST("rx" - "offsetRx" AS TEXT) AS "totalRx",
            CAST("tx" - "offsetTx" AS TEXT) AS "totalTx"
     FROM "User" WHERE "id" > ? ORDER BY "id" LIMIT 100`,
  );
  const edges = function* () {
    for (const row of page.iterate(0)) {
      const [createdAt, updatedAt] = [new Date(row.createdAt), new Date(row.updatedAt)];
      yield {
        node: {
          ...row,
          online: row.online === 1,
          enabled: row.enabled === 1,
          createdAt,
          updatedAt,
        },
      };
    }
  };
  const answerTo = (url) =>
    url === '/page' ? { data: { users: { edges: [...edges()] } } } : select.all();
  const server = createServer((request, response) => {
    const body = Buffer.from(JSON.stringify(answerTo(request.url)));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () =>
    process.send({ url: `http://127.0.0.1:${server.address().port}/` }),
  );
  process.on('disconnect', () => process.exit(0));
});
