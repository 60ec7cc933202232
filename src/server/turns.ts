import type { IncomingMessage } from 'node:http';
import { clientOf } from '../access/networks.ts';
import type { Principal } from '../access/principal.ts';
import { AppError } from '../errors.ts';
import { fairQueue } from '../fair-queue.ts';
import type { ClientAddressOf } from './client-address.ts';
import { WORK_LIMITS } from './limits.ts';

/** Whose turn it is: who asks, and from where. */
export type ClientName = string;

/** Runs work that only reads when its client's turn has come. */
export type InTurn = <T>(client: ClientName, work: () => Promise<T>) => Promise<T>;

/** What divides the server's time among its clients. */
export interface Turns {
  readonly clientBehind: (
    request: IncomingMessage,
    principal: Principal | AppError | null,
  ) => ClientName;
  /** For work that is done in a moment: an answer, a slice of a list, a message of a socket. */
  readonly inTurn: InTurn;
  /** For lists that are sent for as long as their client reads. */
  readonly inListTurn: InTurn;
}

export function createTurns(clientAddressOf: ClientAddressOf): Turns {
  return {
    clientBehind: (request, principal) => {
      const name = principal === null || principal instanceof AppError ? '' : principal.name;
      return `${name} ${clientOf(clientAddressOf(request))}`;
    },
    inTurn: fairQueue(WORK_LIMITS.answers).run,
    inListTurn: fairQueue(WORK_LIMITS.lists).run,
  };
}
