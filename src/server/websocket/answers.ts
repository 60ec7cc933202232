import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { clientLeft } from '../turns.ts';

/** Runs the queries of one WebSocket. */
export type AnswerInOrder = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs the queries of a connection one after another, each after the client has read the previous
 * response. For a client that does not read, at most one response is kept in memory.
 */
export function answersOn(connection: Socket): AnswerInOrder {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const answer = last.then(async () => {
      // The previous response is written shortly after its promise resolves.
      await setImmediate();
      await drained(connection);
      if (connection.destroyed) throw clientLeft();
      return work();
    });
    last = answer.catch(() => {});
    return answer;
  };
}

/** Resolves when the write buffer is drained, or the client has disconnected. */
function drained(connection: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      connection.off('drain', end).off('close', end);
      resolve();
    };
    connection.on('drain', end).on('close', end);
    if (connection.destroyed || !connection.writableNeedDrain) end();
  });
}
