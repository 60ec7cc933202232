import * as z from 'zod';
import { EVENT_TYPES } from '../domain/event-type.ts';
import type { AuditRecord, EventRecord } from '../store/records.ts';
import * as input from './input.ts';
import { type Connection, connectionOf, logCursor, logPageInput } from './pages/page.ts';
import { useCase } from './use-case.ts';
import { withoutNulls } from './user/queries.ts';

const filterInput = z
  .object({
    types: z.array(z.enum(EVENT_TYPES)).nullish(),
    userIds: input.ids.nullish(),
    from: input.date.nullish(),
    to: input.date.nullish(),
  })
  .nullish()
  .transform((filter) => withoutNulls(filter ?? {}));

/** Returns a page of the event log, oldest first, with the events after the id `after`. */
export const events = useCase(
  'self',
  z.object({ ...logPageInput, filter: filterInput }),
  async (ctx, { first, after, filter }): Promise<Connection<EventRecord>> => {
    const { events } = ctx.store;
    const page = await events.list(filter, { limit: first, afterId: after });
    return connectionOf(page, logCursor, () => events.count(filter));
  },
);

/** Returns a page of the audit log, oldest first. */
export const auditLog = useCase(
  'admin',
  z.object(logPageInput),
  async (ctx, { first, after }): Promise<Connection<AuditRecord>> => {
    const { events } = ctx.store;
    const page = await events.audit({ limit: first, afterId: after });
    return connectionOf(page, logCursor, events.countAudit);
  },
);
