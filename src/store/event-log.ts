import type { RawTransaction } from './database/connection.ts';
import { bulkRows } from './database/sql.ts';
import type { EventRecord } from './records.ts';

/** The author of an action without a request: wgql did what was declared. */
export const AUTOMATIC = 'wgql';

/** An event before it has an id. */
export interface NewEvent {
  readonly type: string;
  readonly userId: number | null;
  readonly sessionId: number | null;
  readonly interface: string | null;
  readonly endpoint: string | null;
  readonly reason: string | null;
  /** The author; absent if WireGuard itself caused it. */
  readonly actor?: string;
}

/** Appends events to the log in this order, and returns them with their ids. */
export async function recordEvents(
  tx: RawTransaction,
  at: Date,
  events: readonly NewEvent[],
): Promise<EventRecord[]> {
  if (events.length === 0) return [];
  const rows = events.map((event) => [
    at.getTime(),
    event.type,
    event.userId,
    event.sessionId,
    event.interface,
    event.endpoint,
    event.reason,
    event.actor ?? null,
  ]);
  const inserted = await tx.$queryRawUnsafe<{ id: number | bigint }[]>(
    `INSERT INTO "Event" ("at", "type", "userId", "sessionId", "interface", "endpoint", "reason", "actor")
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7
     FROM json_each(?) ORDER BY key RETURNING "id"`,
    bulkRows(rows),
  );
  // One statement in one writing process: the ids are consecutive.
  const firstId = inserted.reduce((least, { id }) => Math.min(least, Number(id)), Infinity);
  return events.map((event, index) => ({ ...pick(event), id: firstId + index, at }));
}

function pick({ type, userId, sessionId, interface: name, endpoint, reason, actor }: NewEvent) {
  return { type, userId, sessionId, interface: name, endpoint, reason, actor: actor ?? null };
}
