import type { Logger } from 'pino';
import { AppError } from '../domain/errors.ts';

/** Loads the TLS certificate and its key again and logs the outcome. */
export async function reloadCertificate(
  server: { reload(): Promise<void> },
  log: Pick<Logger, 'info' | 'error'>,
): Promise<void> {
  try {
    await server.reload();
    log.info('The TLS certificate was read anew.');
  } catch (error) {
    const reason = error instanceof AppError ? error.message : String(error);
    log.error(`The TLS certificate stays as it was. ${reason}`);
  }
}
