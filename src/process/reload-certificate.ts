import type { Logger } from 'pino';
import { AppError } from '../domain/errors.ts';

/** Reloads the TLS certificate and its key, and logs the result. */
export async function reloadCertificate(
  server: { reload(): Promise<void> },
  log: Pick<Logger, 'info' | 'error'>,
): Promise<void> {
  try {
    await server.reload();
    log.info('The TLS certificate was reloaded.');
  } catch (error) {
    const reason = error instanceof AppError ? error.message : String(error);
    log.error(`The TLS certificate was not reloaded; the previous one stays in use. ${reason}`);
  }
}
