import { AppError, type Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';

/** Reloads the TLS certificate and its key, and logs the result. */
export async function reloadCertificate(
  server: { reload(): Promise<void> },
  log: Pick<Log, 'info' | 'error'>,
): Promise<void> {
  try {
    await server.reload();
    log.info({ en: 'The TLS certificate was reloaded.', zh: '已重新加载 TLS 证书。' });
  } catch (error) {
    const reason: Text =
      error instanceof AppError ? error.text : { en: String(error), zh: String(error) };
    log.error({
      en: `The TLS certificate was not reloaded; the previous one stays in use. ${reason.en}`,
      zh: `未能重新加载 TLS 证书，继续使用原证书。${reason.zh}`,
    });
  }
}
