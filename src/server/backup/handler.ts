import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler, Response } from 'express';
import { AppError } from '../../domain/errors.ts';
import { authorize } from '../../resolvers/authorize.ts';
import { type Backup, openBackup } from '../../resolvers/backup.ts';
import type { Context } from '../../resolvers/context.ts';

export interface BackupOptions {
  readonly contextOf: (request: IncomingMessage) => Context;
  /** How long a connection may be idle. */
  readonly silentForMs: number;
  /** Receives failures after the beginning of a response. */
  readonly onInternalError: (error: unknown) => void;
}

/** Sends a copy of the database, one at a time: each takes the space of the database on the disk. */
export function backupDownloads(options: BackupOptions): RequestHandler {
  let isBusy = false;
  return async (request, response) => {
    if (request.method !== 'GET') {
      response.setHeader('Allow', 'GET');
      throw onlyGet();
    }
    const context = options.contextOf(request);
    authorize(context, 'admin');
    if (isBusy) throw busy();
    isBusy = true;
    try {
      await send(context, request, response, options);
    } finally {
      isBusy = false;
    }
  };
}

async function send(
  context: Context,
  { socket }: IncomingMessage,
  response: Response,
  { silentForMs, onInternalError }: BackupOptions,
): Promise<void> {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  // Nothing is sent while a large database is copied.
  socket.setTimeout(0);
  const backup = await openBackup(context, { signal: leaving.signal })
    .catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
      return null;
    })
    .finally(() => socket.setTimeout(silentForMs));
  if (backup === null) return;
  try {
    await write(backup, response);
  } catch (error) {
    response.destroy();
    if (!leaving.signal.aborted) onInternalError(error);
  } finally {
    await backup.file.close();
  }
}

async function write({ fileName, file }: Backup, response: Response): Promise<void> {
  const { size } = await file.stat();
  response.status(200).set({
    'Content-Type': 'application/vnd.sqlite3',
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Content-Length': String(size),
  });
  await pipeline(file.createReadStream({ autoClose: false }), response);
}

function onlyGet(): AppError {
  return new AppError('METHOD_NOT_ALLOWED', {
    en: 'A backup can only be read; send GET.',
    zh: '备份只能读取；请使用 GET。',
  });
}

function busy(): AppError {
  return new AppError('RATE_LIMITED', {
    en: 'Another backup is being sent; try again when it has ended.',
    zh: '正在发送另一个备份；请在其结束后重试。',
  });
}
