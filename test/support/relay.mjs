/**
 * Lets a test reach a port inside another network namespace: it listens on a Unix socket, which is a
 * file and so is reachable from everywhere, and passes each connection on to the port on loopback.
 */
import { connect, createServer } from 'node:net';

const [path, port] = process.argv.slice(2);
const server = createServer((outside) => {
  const inside = connect(Number(port), '127.0.0.1');
  outside.pipe(inside).pipe(outside);
  outside.on('error', () => inside.destroy());
  inside.on('error', () => outside.destroy());
});
server.listen(path, () => process.stdout.write('ready\n'));
