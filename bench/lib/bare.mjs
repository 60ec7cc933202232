/** A bare `node:http` server that answers every request with the same bytes, fetched once from a URL. */
import { createServer } from 'node:http';

process.once('message', async ({ copyOf, headers }) => {
  const body = Buffer.from(await (await fetch(copyOf, { headers })).arrayBuffer());
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () =>
    process.send({ url: `http://127.0.0.1:${server.address().port}/`, bytes: body.length }),
  );
  process.on('disconnect', () => process.exit(0));
});
