import type { IncomingMessage } from 'node:http';
import { clientBehindAddress } from '../access/client-networks.ts';
import type { Principal } from '../access/principal.ts';
import { fairQueue } from '../async/fair-queue.ts';
import { AppError } from '../domain/errors.ts';
import type { ClientAddressOf } from './gate/client-address.ts';
import { WORK_LIMITS } from './limits.ts';

/** Identifies a client for fair scheduling, by its token and address. */
export type ClientName = string;

/** Runs work when it is the client's turn. */
export type InTurn = <T>(client: ClientName, work: () => Promise<T>) => Promise<T>;

/**
 * Divides the server's time fairly among clients. Changes, polls and writes to WireGuard do not wait here.
 */
export interface Turns {
  clientBehind(request: IncomingMessage, principal: Principal | AppError | null): ClientName;
  /** For a response to a query, or a slice of a list. */
  readonly answer: InTurn;
  /** For a list, while it is being sent. */
  readonly list: InTurn;
  /** For a part of a long response, or a result of a subscription. */
  readonly step: InTurn;
  /** For handling a WebSocket message; its operation continues after the turn. */
  readonly message: InTurn;
}

export function createTurns(clientAddressOf: ClientAddressOf): Turns {
  return {
    clientBehind: (request, principal) => {
      const name = principal === null || principal instanceof AppError ? '' : principal.name;
      return `${name} ${clientBehindAddress(clientAddressOf(request))}`;
    },
    answer: fairQueue(WORK_LIMITS.answers).run,
    list: fairQueue(WORK_LIMITS.lists).run,
    step: fairQueue(WORK_LIMITS.steps).run,
    message: fairQueue(WORK_LIMITS.messages).run,
  };
}

/** Wraps work so that it is skipped if the client has disconnected before its turn. */
export function whileConnected<T>(
  { socket }: IncomingMessage,
  work: () => Promise<T>,
): () => Promise<T> {
  return async () => {
    if (socket.destroyed) throw clientLeft();
    return work();
  };
}

/** The error for a closed connection, which no client receives. */
export function clientLeft(): AppError {
  return new AppError('UNAVAILABLE', {
    en: 'The connection was closed before its request was answered.',
    zh: '连接在请求得到响应之前已关闭。',
  });
}
