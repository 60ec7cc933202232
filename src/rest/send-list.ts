import type { ServerResponse } from 'node:http';
import { toJson } from './json.ts';
import type { OpenList } from './route.ts';

export interface SendListOptions {
  /** Runs a piece of work when its turn has come, with a turn of the event loop after it. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** A list that takes longer is cut off: its snapshot keeps the database's log from being shortened. */
  readonly withinMs: number;
}

/**
 * Writes a JSON array slice by slice. A slice is read once the client has taken the one before, and
 * none after the client has left. Where reading fails or takes too long, the connection is cut, so that
 * a part of the array never passes for the whole. Resolves when nothing more is written.
 */
export async function sendList(
  response: ServerResponse,
  { slices }: Pick<OpenList, 'slices'>,
  { inTurn, withinMs }: SendListOptions,
): Promise<void> {
  const tooLate = setTimeout(() => response.destroy(), withinMs);
  try {
    let separator = '[';
    for (;;) {
      // The first slice before the first byte: a database that cannot be read is an error like any other.
      const { done, value = [] } = await inTurn(async () => slices.next());
      if (response.closed || response.destroyed) return;
      if (done) break;
      if (value.length === 0) continue;
      const isTaken = response.write(`${separator}${value.map(toJson).join()}`);
      separator = ',';
      if (!isTaken) await drained(response);
    }
    response.end(separator === '[' ? '[]' : ']');
  } catch (error) {
    if (response.headersSent) response.destroy();
    throw error;
  } finally {
    clearTimeout(tooLate);
  }
}

/** Resolves when the client has read, or has left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
    if (response.closed || !response.writableNeedDrain) end();
  });
}
