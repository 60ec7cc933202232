import { TimeLimitError, withTimeLimit } from '../async/deadline.ts';
import type { Text } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { AllowPrivate } from '../domain/webhook/addresses.ts';
import type { Message } from '../domain/webhook/message.ts';
import { retryAfterMs } from '../domain/webhook/schedule.ts';
import { bodyOf } from '../domain/webhook/template.ts';
import type { SecretBox } from '../store/files/secret-box.ts';
import type { SealedWebhook } from '../store/webhook/records.ts';
import { post } from './post.ts';
import { signatureOf } from './signature.ts';
import { type Resolve, resolveTarget, TargetError } from './target.ts';

export interface AttemptOptions {
  readonly allowed: AllowPrivate;
  readonly secrets: Pick<SecretBox, 'open'>;
  readonly clock: Pick<Clock, 'wallMs' | 'monotonicMs'>;
  readonly resolve: Resolve;
  /** From the look-up of the name to the head of the response. */
  readonly withinMs: number;
}

export interface Outcome {
  readonly at: Date;
  readonly ok: boolean;
  /** null: there was no response. */
  readonly statusCode: number | null;
  readonly error: Text | null;
  readonly durationMs: number;
  /** How long the receiver asked to wait; null if it did not. */
  readonly askedMs: number | null;
}

/** Sends a message once. Rejects only if `stop` is aborted, which says nothing about the receiver. */
export async function attempt(
  { allowed, secrets, clock, resolve, withinMs }: AttemptOptions,
  webhook: SealedWebhook,
  { id, message }: { readonly id: string; readonly message: Message },
  stop: AbortSignal,
): Promise<Outcome> {
  const [sinceMs, startMs] = [clock.monotonicMs(), clock.wallMs()];
  const outcome = (rest: Partial<Outcome>): Outcome => ({
    ...{ at: new Date(startMs), ok: false, statusCode: null, error: null, askedMs: null },
    durationMs: Math.round(clock.monotonicMs() - sinceMs),
    ...rest,
  });
  try {
    const body = bodyOf(message, webhook);
    const timestamp = Math.floor(startMs / 1_000);
    const signature = signatureOf({ id, timestamp, body }, secretsOf(webhook, secrets, startMs));
    const headers = {
      'content-type': webhook.contentType,
      'user-agent': 'wgql',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    };
    const { statusCode, retryAfter, closed } = await withTimeLimit(withinMs, stop, async (signal) =>
      post(await resolveTarget(webhook.url, allowed, resolve), { headers, body }, signal),
    );
    const ok = statusCode >= 200 && statusCode < 300;
    const askedMs = ok ? null : retryAfterMs(retryAfter, clock.wallMs());
    const answered = outcome({ ok, statusCode, askedMs, error: ok ? null : refused(statusCode) });
    // A receiver that keeps its connections open delays only its own messages.
    await closed;
    return answered;
  } catch (error) {
    if (stop.aborted) throw error;
    return outcome({ error: problemOf(error, withinMs) });
  }
}

function secretsOf(
  { secret, previousSecret, previousSecretUntil }: SealedWebhook,
  { open }: Pick<SecretBox, 'open'>,
  nowMs: number,
): string[] {
  const isRotating = previousSecretUntil !== null && previousSecretUntil.getTime() > nowMs;
  return [secret, ...(isRotating && previousSecret !== null ? [previousSecret] : [])].map(
    (sealed) => {
      try {
        return open(sealed);
      } catch {
        throw new TargetError(NO_SECRET);
      }
    },
  );
}

function refused(statusCode: number): Text {
  if (statusCode >= 300 && statusCode < 400) {
    return {
      en: `The receiver redirects (HTTP ${statusCode}), which is not followed; set the URL that it redirects to.`,
      zh: `接收方返回重定向（HTTP ${statusCode}），不会跟随；请将 URL 设为其重定向的目标。`,
    };
  }
  return {
    en: `The receiver answered with HTTP ${statusCode}.`,
    zh: `接收方返回 HTTP ${statusCode}。`,
  };
}

/** Errors of Node.js may repeat the URL, so only their code is kept. */
function problemOf(error: unknown, withinMs: number): Text {
  if (error instanceof TargetError) {
    return { en: `The URL ${error.text.en}.`, zh: `URL ${error.text.zh}。` };
  }
  if (error instanceof TimeLimitError) {
    const seconds = withinMs / 1_000;
    return {
      en: `The receiver did not answer within ${seconds} seconds.`,
      zh: `接收方未在 ${seconds} 秒内响应。`,
    };
  }
  const { code = 'ERROR' } = error as { readonly code?: string };
  return { en: `The connection failed (${code}).`, zh: `连接失败（${code}）。` };
}

const NO_SECRET: Text = {
  en: 'cannot be used, because the secret of the webhook cannot be decrypted; restore the key file of WGQL_SECRET_KEY_FILE, or rotate the secret',
  zh: '无法使用，因为无法解密 Webhook 的密钥；请恢复 WGQL_SECRET_KEY_FILE 所指的密钥文件，或轮换密钥',
};
