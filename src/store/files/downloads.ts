import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { copyDatabase } from './copy-database.ts';

/** The name of a copy, and of the folder in which it is made, after that of the database. */
const ENDING = '.download';

/** Copies of the database to be sent to clients. */
export interface Downloads {
  /**
   * Copies the database as it is at one instant, and opens the copy, which no longer has a name. Rejects with the reason
   * of the signal if that is aborted first. One at a time.
   */
  open(signal: AbortSignal): Promise<FileHandle>;
  /** Ends a copy in progress. */
  close(): Promise<void>;
}

/** `requireInPlace` throws if another file has the name of the database. */
export function downloadsOf(path: string, requireInPlace: () => void): Downloads {
  const closing = new AbortController();
  let copying: Promise<unknown> = Promise.resolve();
  const copy = async (signal: AbortSignal): Promise<FileHandle> => {
    const file = `${path}${ENDING}`;
    await copyDatabase(path, file, { replace: true, inParts: true, signal });
    try {
      return await open(file, 'r');
    } finally {
      // It can still be read, and is gone however the process ends.
      await rm(file);
    }
  };
  return {
    open: async (signal) => {
      requireInPlace();
      const ending = new AbortController();
      const end = () => ending.abort(signal.reason ?? closing.signal.reason);
      for (const one of [signal, closing.signal]) one.addEventListener('abort', end);
      if (signal.aborted || closing.signal.aborted) end();
      const copied = copy(ending.signal);
      copying = copied.catch(() => {});
      try {
        return await copied;
      } finally {
        for (const one of [signal, closing.signal]) one.removeEventListener('abort', end);
      }
    },
    close: async () => {
      closing.abort();
      await copying;
    },
  };
}

/** Deletes what a process left that ended while it copied. What cannot be deleted stays, and prevents no start. */
export async function removeUnfinishedDownloads(path: string): Promise<void> {
  const folder = dirname(path);
  const beginning = `${basename(path)}${ENDING}`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (name !== beginning && !name.startsWith(`${beginning}.new-`)) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}
