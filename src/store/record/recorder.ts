import type { Changes, SessionChange } from '../../domain/tracking/changes.ts';
import type { DirectTransaction } from '../database/connection.ts';
import type { Database } from '../database/open.ts';
import { AUTOMATIC, type NewEvent, recordEvents } from '../event-log.ts';
import { translateRecordErrors } from '../failures/write-errors.ts';
import type { EventRecord } from '../records.ts';
import { closeQuarters } from '../traffic/close-quarters.ts';
import { quarterOf, type Zone } from '../traffic/levels.ts';
import { recordTraffic } from '../traffic/record.ts';
import { recordCounters, recordInterfaces } from './counters.ts';
import type { KnownUser } from './known-user.ts';
import { type RateRecord, ratesOf } from './rates.ts';
import { recordRenames } from './renames.ts';
import { endSessions, progressSessions, startSessions } from './sessions.ts';
import { bookUsers, type LargestSum, registerUsers } from './users.ts';

/** A user whose presence changed. */
export interface PresenceRecord {
  readonly userId: number;
  readonly isOnline: boolean;
  readonly at: Date;
}

/** The committed changes, for live clients. */
export interface Recorded {
  readonly at: Date;
  readonly presence: readonly PresenceRecord[];
  readonly events: readonly EventRecord[];
  /** The rates of users whose rate differs from that of the previous poll. */
  readonly rates: readonly RateRecord[];
}

/** Writes the results of a poll, all of them or nothing. */
export interface Recorder {
  record(changes: Changes): Promise<Recorded>;
  /** Treats keys as unknown again, after their users were erased. */
  forget(publicKeys: readonly string[]): void;
}

export function createRecorder(db: Database, zone: Zone): Recorder {
  /** Every other open quarter hour is closed. */
  let openQuarter: number | null = null;
  const known = new Map<string, KnownUser>();
  const largest: LargestSum = { bound: null };
  const rates = ratesOf();

  const write = async (
    tx: DirectTransaction,
    changes: Changes,
  ): Promise<[Recorded, typeof known]> => {
    await recordRenames(tx, changes);
    const users = await registerUsers(tx, changes, known);
    const id = (publicKey: string) => {
      const user = (users.size > 0 ? users.get(publicKey) : undefined) ?? known.get(publicKey);
      if (user === undefined) throw new Error('A change names a user that is not registered.');
      return user;
    };
    const ownerId = (publicKey: string) =>
      changes.deletedKeys.has(publicKey) ? null : id(publicKey).id;
    const of = <K extends SessionChange['kind']>(kind: K) =>
      changes.sessions.filter(
        (session): session is Extract<SessionChange, { kind: K }> => session.kind === kind,
      );

    const saturated = await bookUsers(tx, changes.users, id, quarterOf(changes.atMs), largest);
    await recordCounters(tx, changes.counters);
    await recordTraffic(tx, zone, changes, ownerId);

    const ended = of('ended');
    const endedIds = new Map(
      ended.map(({ publicKey }) => [publicKey, id(publicKey).openSessionId]),
    );
    await endSessions(tx, ended, id);
    for (const { publicKey } of ended) {
      users.set(publicKey, { id: id(publicKey).id, openSessionId: null });
    }
    const started = of('started');
    const startedIds = await startSessions(tx, started, id);
    for (const [publicKey, openSessionId] of startedIds) {
      users.set(publicKey, { id: id(publicKey).id, openSessionId });
    }
    await progressSessions(tx, of('continued'), id);
    await recordInterfaces(tx, changes);

    const at = new Date(changes.atMs);
    const sessionIds: Readonly<Record<string, ReadonlyMap<string, number | null>>> = {
      SESSION_STARTED: startedIds,
      SESSION_ENDED: endedIds,
    };
    const events = changes.events.map(
      (event): NewEvent => ({
        ...event,
        userId: event.publicKey === null ? null : ownerId(event.publicKey),
        sessionId: sessionIds[event.type]?.get(event.publicKey ?? '') ?? null,
        ...(event.isOwn && { actor: AUTOMATIC }),
      }),
    );
    const presence = [...new Set([...ended, ...started].map(({ publicKey }) => publicKey))].map(
      (publicKey) => ({
        userId: id(publicKey).id,
        isOnline: id(publicKey).openSessionId !== null,
        at,
      }),
    );
    const recorded = {
      at,
      presence,
      events: await recordEvents(tx, at, [...events, ...saturated]),
      rates: rates(changes.traffic, ownerId),
    };
    return [recorded, users];
  };

  return {
    record: async (changes) => {
      const quarter = quarterOf(changes.atMs);
      if (quarter !== openQuarter) {
        await translateRecordErrors(closeQuarters(db, zone, quarter));
        openQuarter = quarter;
      }
      const [recorded, learnt] = await translateRecordErrors(
        db.$direct((tx) => write(tx, changes)),
      );
      for (const [publicKey, user] of learnt) known.set(publicKey, user);
      return recorded;
    },
    forget: (publicKeys) => {
      for (const publicKey of publicKeys) known.delete(publicKey);
    },
  };
}
