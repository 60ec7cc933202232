import type { EventType } from '../event-type.ts';

/** The type of the message for each type of event. */
export const MESSAGE_TYPES = {
  SESSION_STARTED: 'session.started',
  SESSION_ENDED: 'session.ended',
  ENDPOINT_CHANGED: 'session.roamed',
  PEER_ADDED: 'peer.added',
  PEER_REMOVED: 'peer.removed',
  PEER_MISSING: 'peer.missing',
  PEER_UPDATED: 'peer.updated',
  COUNTER_RESET: 'counter.reset',
  USER_CREATED: 'user.created',
  USER_UPDATED: 'user.updated',
  USER_DELETED: 'user.deleted',
  USER_ENABLED: 'user.enabled',
  USER_DISABLED: 'user.disabled',
  USER_EXPIRED: 'user.expired',
  USER_KICKED: 'user.kicked',
  QUOTA_WARNING: 'quota.warning',
  QUOTA_EXCEEDED: 'quota.exceeded',
  QUOTA_RESET: 'quota.reset',
  TRAFFIC_RESET: 'traffic.reset',
  LIMIT_APPLIED: 'limit.applied',
  LIMIT_FAILED: 'limit.failed',
  INTERFACE_UP: 'interface.up',
  INTERFACE_DOWN: 'interface.down',
  INTERFACE_RELOADED: 'interface.reloaded',
  MONITOR_GAP: 'monitor.gap',
} as const satisfies Record<EventType, string>;

/** The type of the message that a test sends. */
export const TEST_TYPE = 'webhook.test';

/** The type of the entry that stands for events that were deleted before they could be sent. */
export const SKIPPED_TYPE = 'webhook.skipped';

/** Why an attempt was made; SKIPPED: none was, because the events no longer exist. */
export const DELIVERY_ORIGINS = ['LIVE', 'REPLAY', 'REPEAT', 'TEST', 'SKIPPED'] as const;
export type DeliveryOrigin = (typeof DELIVERY_ORIGINS)[number];

/** Why a webhook receives nothing. */
export const DISABLED_REASONS = ['REQUESTED', 'GONE', 'FAILED'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];
