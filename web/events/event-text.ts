import type { EventLineFragment, EventType } from '../api/generated/first/graphql.ts';
import { type MessageId, t } from '../text/i18n.ts';
import { duration } from '../text/times.ts';

/** How much an event matters to an operator. */
export type Weight = 'good' | 'warn' | 'bad' | 'none';

const WEIGHTS: Partial<Record<EventType, Weight>> = {
  SESSION_STARTED: 'good',
  USER_ENABLED: 'good',
  LIMIT_APPLIED: 'good',
  INTERFACE_UP: 'good',
  QUOTA_WARNING: 'warn',
  QUOTA_EXCEEDED: 'warn',
  USER_EXPIRED: 'warn',
  USER_DISABLED: 'warn',
  MONITOR_GAP: 'warn',
  INTERFACE_RELOADED: 'warn',
  PEER_MISSING: 'bad',
  LIMIT_FAILED: 'bad',
  INTERFACE_DOWN: 'bad',
};

export const weightOf = (type: EventType): Weight => WEIGHTS[type] ?? 'none';

export const eventName = (type: EventType): string => t(`event.${type}` as MessageId);

/** Why or how it happened, as people say it; null if there is nothing to say. */
export function reasonText({
  type,
  reason,
  reasons,
}: Pick<EventLineFragment, 'type' | 'reason' | 'reasons'>): string | null {
  if (reasons.length > 0) return reasons.map((word) => t(`reason.${word}` as MessageId)).join(', ');
  if (reason === null) return null;
  return type === 'MONITOR_GAP' ? duration(Number(reason) * 1000) : reason;
}
