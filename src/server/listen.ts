import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { AppError, type Text } from '../domain/errors.ts';
import type { ServerLimits } from './limits.ts';

/** Creates a server with timeouts for slow and silent clients. With `tls`, it accepts only TLS. */
export function createListener(
  tls: SecureContextOptions | null,
  limits: ServerLimits,
  handle: RequestListener,
): Server | TlsServer {
  const options = {
    headersTimeout: limits.headersWithinMs,
    requestTimeout: limits.requestWithinMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    // The gate rejects a missing Host header in the documented error form.
    requireHostHeader: false,
  };
  const server =
    tls === null
      ? createServer(options, handle)
      : createTlsServer({ ...options, ...tls, handshakeTimeout: limits.headersWithinMs }, handle);
  // By default, Node.js answers the header Expect before the gate has checked the request. Here,
  // "100 Continue" is sent when the body is about to be read; other expectations are ignored.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue();
    });
    handle(request, response);
  });
  server.on('checkExpectation', handle);
  server.setTimeout(limits.silentForMs);
  server.maxConnections = limits.connections;
  return server;
}

/** Resolves with the URL of the server; rejects with an `AppError` if it cannot listen on the address. */
export function listen(
  server: Server | TlsServer,
  host: string,
  port: number,
  settings: Settings = ['WGQL_HOST', 'WGQL_PORT'],
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(cannotListen(error, host, port, settings)),
    );
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const scheme = 'setSecureContext' in server ? 'https' : 'http';
      resolve(`${scheme}://${authority(server.address() as AddressInfo)}`);
    });
  });
}

/** The settings that say where a server listens. The last one has the port. */
type Settings = readonly [...string[], string];

function cannotListen(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  settings: Settings,
): AppError {
  const portSetting = settings.at(-1);
  const text: Text =
    error.code === 'EADDRINUSE'
      ? {
          en: `Port ${port} on ${host} is in use; stop the other program or set ${portSetting}.`,
          zh: `${host} 的端口 ${port} 已被占用；请停止占用它的程序或设置 ${portSetting}。`,
        }
      : {
          en: `Cannot listen on ${host} port ${port} (${error.code}); check ${settings.join(' and ')}.`,
          zh: `无法监听 ${host} 的端口 ${port}（${error.code}）；请检查 ${settings.join(' 和 ')}。`,
        };
  return new AppError('UNAVAILABLE', text, [], { cause: error });
}

function authority({ address, family, port }: AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
