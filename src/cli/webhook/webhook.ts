import type { Calendar } from '../../domain/time/calendar.ts';
import { tableOf } from '../table.ts';

/** A webhook as the commands show it. */
export interface ShownWebhook {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[] | null;
  readonly userIds: readonly string[];
  readonly tags: readonly string[];
  readonly template: string | null;
  readonly contentType: string;
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
  readonly cursor: string;
  readonly failedAttempts: number;
  readonly failingSince: string | null;
  readonly nextAttemptAt: string | null;
  readonly replays: number;
}

/** Selects the fields of a `ShownWebhook`. */
export const WEBHOOK_FIELDS = `id url description types userIds tags template contentType disabledAt disabledReason
  cursor failedAttempts failingSince nextAttemptAt replays`;

/** A delivery as the commands show it. */
export interface ShownDelivery {
  readonly id: string;
  readonly eventId: string | null;
  readonly messageId: string;
  readonly type: string;
  readonly origin: string;
  readonly attempt: number;
  readonly at: string;
  readonly ok: boolean;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** Selects the fields of a `ShownDelivery`. */
export const DELIVERY_FIELDS =
  'id eventId messageId type origin attempt at ok statusCode error durationMs';

const WEBHOOK_COLUMNS = ['ID', 'STATE', 'TYPES', 'USERS', 'URL', 'DESCRIPTION'];

export function linesOfWebhooks(webhooks: readonly ShownWebhook[], calendar: Calendar): string[] {
  const rows = webhooks.map((webhook) => [
    webhook.id,
    stateOf(webhook, calendar),
    webhook.types?.join(',') ?? 'all',
    usersOf(webhook),
    webhook.url,
    webhook.description || '-',
  ]);
  return tableOf([WEBHOOK_COLUMNS, ...rows]);
}

function stateOf(webhook: ShownWebhook, calendar: Calendar): string {
  const { disabledAt, disabledReason, failedAttempts, nextAttemptAt, replays } = webhook;
  if (disabledAt !== null) return `disabled (${disabledReason?.toLowerCase()})`;
  if (failedAttempts > 0 && nextAttemptAt !== null) {
    return `failing, again at ${calendar.formatTime(new Date(nextAttemptAt))}`;
  }
  return replays > 0 ? 'replaying' : 'enabled';
}

function usersOf({ userIds, tags }: ShownWebhook): string {
  return [...userIds, ...tags.map((tag) => `#${tag}`)].join(',') || 'all';
}

const DELIVERY_COLUMNS = [
  'ID',
  'AT',
  'MESSAGE',
  'TYPE',
  'ORIGIN',
  'ATTEMPT',
  'ANSWER',
  'MS',
  'ERROR',
];

export function linesOfDeliveries(
  deliveries: readonly ShownDelivery[],
  calendar: Calendar,
): string[] {
  const rows = deliveries.map((delivery) => [
    delivery.id,
    calendar.formatTime(new Date(delivery.at)),
    delivery.messageId,
    delivery.type,
    delivery.origin.toLowerCase(),
    String(delivery.attempt),
    delivery.statusCode === null ? '-' : String(delivery.statusCode),
    String(delivery.durationMs),
    delivery.error ?? '-',
  ]);
  return tableOf([DELIVERY_COLUMNS, ...rows]);
}
