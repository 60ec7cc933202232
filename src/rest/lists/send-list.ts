import type { ServerResponse } from 'node:http';
import type { BytesAs } from '../contract/parameters.ts';
import { toJson } from '../json.ts';
import type { OpenList } from '../route.ts';

export interface SendListOptions {
  /** Runs one step when it is the client's turn, and yields to the event loop after it. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** A list that takes longer is aborted: its snapshot prevents a checkpoint of the database's WAL. */
  readonly withinMs: number;
  readonly bytes?: BytesAs;
}

/**
 * Writes a JSON array slice by slice. A slice is read only after the client has accepted the previous one,
 * and none after the client has disconnected. If reading fails or takes too long, the connection is
 * destroyed, so that a client cannot mistake part of the array for all of it. Resolves after the last write.
 */
export async function sendList(
  response: ServerResponse,
  { slices }: Pick<OpenList, 'slices'>,
  { inTurn, withinMs, bytes = 'number' }: SendListOptions,
): Promise<void> {
  const tooLate = setTimeout(() => response.destroy(), withinMs);
  try {
    let separator = '[';
    for (;;) {
      // The first slice is read before the first byte is sent, so a read failure becomes an error response.
      const { done, value = [] } = await inTurn(async () => slices.next());
      if (response.closed || response.destroyed) return;
      if (done) break;
      if (value.length === 0) continue;
      const text = value.map((one) => toJson(one, bytes)).join();
      const isTaken = response.write(`${separator}${text}`);
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

/** Resolves when the client has read the data or has disconnected. */
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
