import { z } from 'zod';
import type { AuditRecord, EventRecord } from '../store/records.ts';
import * as input from './input.ts';
import { type Connection, connectionOf, logCursor, logPageInput } from './page.ts';
import { useCase } from './use-case.ts';
import { withoutNulls } from './user/queries.ts';

export const EVENT_TYPES = [
  'SESSION_STARTED',
  'SESSION_ENDED',
  'ENDPOINT_CHANGED',
  'PEER_ADDED',
  'PEER_REMOVED',
  'PEER_MISSING',
  'PEER_UPDATED',
  'COUNTER_RESET',
  'USER_CREATED',
  'USER_UPDATED',
  'USER_DELETED',
  'USER_ENABLED',
  'USER_DISABLED',
  'USER_EXPIRED',
  'USER_KICKED',
  'QUOTA_WARNING',
  'QUOTA_EXCEEDED',
  'QUOTA_RESET',
  'TRAFFIC_RESET',
  'LIMIT_APPLIED',
  'LIMIT_FAILED',
  'INTERFACE_UP',
  'INTERFACE_DOWN',
  'INTERFACE_RELOADED',
  'MONITOR_GAP',
] as const;

const filterInput = z
  .object({
    types: z.array(z.enum(EVENT_TYPES)).nullish(),
    userIds: input.ids.nullish(),
    from: input.date.nullish(),
    to: input.date.nullish(),
  })
  .nullish()
  .transform((filter) => withoutNulls(filter ?? {}));

/** A page of the durable log, oldest first; `after` is the id of the last event that was seen. */
export const events = useCase(
  'viewer',
  z.object({ ...logPageInput, filter: filterInput }),
  async (ctx, { first, after, filter }): Promise<Connection<EventRecord>> => {
    const { events } = ctx.store;
    const page = await events.list(filter, { limit: first, afterId: after });
    return connectionOf(page, logCursor, () => events.count(filter));
  },
);

/** A page of the audit log, oldest first. */
export const auditLog = useCase(
  'admin',
  z.object(logPageInput),
  async (ctx, { first, after }): Promise<Connection<AuditRecord>> => {
    const { events } = ctx.store;
    const page = await events.audit({ limit: first, afterId: after });
    return connectionOf(page, logCursor, events.countAudit);
  },
);
