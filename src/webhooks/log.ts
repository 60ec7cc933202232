import type { Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { QueueChange } from '../store/webhook/delivery.ts';
import type { QueueRecord, SealedWebhook } from '../store/webhook/records.ts';
import type { Outcome } from './attempt.ts';

/** Logs the first failure, the end of failures, and the last one. */
export function logChange(
  log: Pick<Log, 'info' | 'warn'>,
  webhook: Pick<SealedWebhook, 'id' | 'url'>,
  { attempt }: Pick<QueueRecord, 'attempt'>,
  change: QueueChange,
  { error }: Pick<Outcome, 'error'>,
): void {
  const { en, zh } = nameOf(webhook);
  const why = error ?? { en: '', zh: '' };
  if (change.kind === 'next' && attempt > 0) {
    log.info({ en: `${en} accepts messages again.`, zh: `${zh}重新接受消息。` });
  } else if (change.kind === 'retry' && attempt === 0) {
    log.warn({
      en: `${en} does not accept a message, which is sent again later. ${why.en}`,
      zh: `${zh}未接受消息，稍后将重新发送。${why.zh}`,
    });
  } else if (change.kind === 'end') {
    log.warn({
      en: `${en} has not accepted a message and receives nothing more until it is enabled again. ${why.en}`,
      zh: `${zh}未接受消息，在重新启用之前不再收到任何消息。${why.zh}`,
    });
  }
}

/** Logs that nothing could be sent or recorded. */
export function logFailure(log: Pick<Log, 'error'>, error: unknown): void {
  const text = {
    en: 'The messages to webhooks could not be read or recorded; this is tried again.',
    zh: '无法读取或记录发往 Webhook 的消息；将重试。',
  };
  log.error(text, { err: error });
}

/** The path and the query of a URL may contain a token of the receiver. */
function nameOf({ id, url }: Pick<SealedWebhook, 'id' | 'url'>): Text {
  const { origin } = new URL(url);
  return { en: `Webhook ${id} (${origin})`, zh: `Webhook ${id}（${origin}）` };
}
