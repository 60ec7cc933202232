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

/** A server that nobody can hold up by being slow or silent; with `tls` it speaks nothing but TLS. */
export function createListener(
  tls: SecureContextOptions | null,
  limits: ServerLimits,
  handle: RequestListener,
): Server | TlsServer {
  const options = {
    headersTimeout: limits.headersWithinMs,
    requestTimeout: limits.requestWithinMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    // The gate answers these in the form of every other refusal.
    requireHostHeader: false,
  };
  const server =
    tls === null
      ? createServer(options, handle)
      : createTlsServer({ ...options, ...tls, handshakeTimeout: limits.headersWithinMs }, handle);
  // Node itself would answer these before the gate saw them. Who waits to be told to send a body is told
  // when that is read; any other expectation is none of ours, and may be ignored.
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

/** Resolves with where it listens; rejects with an `AppError` when the address cannot be had. */
export function listen(server: Server | TlsServer, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const scheme = 'setSecureContext' in server ? 'https' : 'http';
      resolve(`${scheme}://${authority(server.address() as AddressInfo)}`);
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  const text: Text =
    error.code === 'EADDRINUSE'
      ? {
          en: `Port ${port} on ${host} is in use; stop the other program or set WGQL_PORT.`,
          zh: `${host} 的端口 ${port} 已被占用；请停止占用它的程序或设置 WGQL_PORT。`,
        }
      : {
          en: `Cannot listen on ${host} port ${port} (${error.code}); check WGQL_HOST and WGQL_PORT.`,
          zh: `无法监听 ${host} 的端口 ${port}（${error.code}）；请检查 WGQL_HOST 和 WGQL_PORT。`,
        };
  return new AppError('UNAVAILABLE', text, [], { cause: error });
}

function authority({ address, family, port }: AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
