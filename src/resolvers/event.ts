import * as z from 'zod';
import { EVENT_TYPES } from '../domain/event-type.ts';
import type { AuditRecord, EventRecord } from '../store/records.ts';
import * as input from './input.ts';
import { type Connection, logList, logPageInput, pageOf } from './pages/page.ts';
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

/** Returns a page of the event log; cursors are ids. */
export const events = useCase(
  'events',
  'self',
  z.object({ ...logPageInput, filter: filterInput }),
  async (ctx, { filter, newestFirst, ...page }): Promise<Connection<EventRecord>> => {
    const { events } = ctx.store;
    const list = logList(
      { read: (reading) => events.list(filter, reading), count: () => events.count(filter) },
      newestFirst,
    );
    return pageOf(list, page);
  },
);

const auditFilterInput = z
  .object({
    userId: input.id.nullish(),
    actions: input.auditActions.nullish(),
    actor: input.text.nullish(),
    from: input.date.nullish(),
    to: input.date.nullish(),
  })
  .nullish()
  .transform((filter) => withoutNulls(filter ?? {}));

/** Returns a page of the audit log; cursors are ids. */
export const auditLog = useCase(
  'auditLog',
  'admin',
  z.object({ ...logPageInput, filter: auditFilterInput }),
  async (ctx, { filter, newestFirst, ...page }): Promise<Connection<AuditRecord>> => {
    const { audit } = ctx.store;
    const list = logList(
      { read: (reading) => audit.list(filter, reading), count: () => audit.count(filter) },
      newestFirst,
    );
    return pageOf(list, page);
  },
);
