import type { IncomingMessage } from 'node:http';
import { clientBehindAddress } from '../access/client-networks.ts';
import type { Principal } from '../access/principal.ts';
import { fairQueue } from '../async/fair-queue.ts';
import { AppError } from '../domain/errors.ts';
import type { ClientAddressOf } from './gate/client-address.ts';
import { WORK_LIMITS } from './limits.ts';

/** Who asks, from where: what counts as one client where the server's time is divided. */
export type ClientName = string;

/** Runs work when its client's turn has come. */
export type InTurn = <T>(client: ClientName, work: () => Promise<T>) => Promise<T>;

/** Divides the server's time among its clients. Changes, polls and what acts on WireGuard do not wait here. */
export interface Turns {
  clientBehind(request: IncomingMessage, principal: Principal | AppError | null): ClientName;
  /** For an answer to a question, or a slice of a list. */
  readonly answer: InTurn;
  /** For a list that is sent for as long as its client reads. */
  readonly list: InTurn;
  /** For a part of a long answer, or the answer to something that happened. */
  readonly step: InTurn;
  /** For reading a message of a socket; its operation runs on. */
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

/** The work, unless nobody is there any more to be answered when its turn has come. */
export function whileConnected<T>(
  { socket }: IncomingMessage,
  work: () => Promise<T>,
): () => Promise<T> {
  return async () => {
    if (socket.destroyed) throw clientLeft();
    return work();
  };
}

/** Nobody reads it. */
export function clientLeft(): AppError {
  return new AppError('UNAVAILABLE', {
    en: 'The connection was closed before its request was answered.',
    zh: '连接在请求得到应答之前已关闭。',
  });
}
