import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { clientLeft } from '../turns.ts';

/** Runs the questions of one socket. */
export type AnswerInOrder = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * One question of a connection after the other, each once the client has taken the answer before. A
 * client that reads nothing has one answer kept for it, however much it asks.
 */
export function answersOn(connection: Socket): AnswerInOrder {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const answer = last.then(async () => {
      // The answer before is written a moment after it is known.
      await setImmediate();
      await drained(connection);
      if (connection.destroyed) throw clientLeft();
      return work();
    });
    last = answer.catch(() => {});
    return answer;
  };
}

/** Resolves when nothing waits to be sent, or the client has left. */
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
