/** Exits with 0 if the server of this container answers, and with 1 if not. Reads the same settings as the server. */
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

const { WGQL_HOST: host, WGQL_PORT: port, WGQL_TLS_CERT: certificate } = process.env;
const get = certificate ? getSecure : getPlain;
const request = get({
  host: host || '127.0.0.1',
  port: port || 8000,
  path: '/healthz',
  timeout: 3_000,
  // The certificate has the name that clients use.
  rejectUnauthorized: false,
});
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
