import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import type { Changes, UserChange } from '../../src/wg/changes.ts';

/** The URL of a database file of its own; it is removed when the test has finished. */
export async function temporaryDatabaseUrl(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return `file:${join(folder, 'wgql.db')}`;
}

/** An open database in a file of its own; it is closed and removed when the test has finished. */
export async function temporaryDatabase(): Promise<Database> {
  const db = await openDatabase(await temporaryDatabaseUrl());
  onTestFinished(() => db.$disconnect());
  return db;
}

export const NOON_MS = Date.UTC(2026, 0, 15, 12, 0, 0);

/** What a poll found: nothing but what is given. */
export function changesOf(given: Partial<Changes> = {}): Changes {
  return {
    atMs: NOON_MS,
    interfaces: [],
    counters: [],
    users: [],
    traffic: [],
    sessions: [],
    events: [],
    deletedKeys: new Set(),
    ...given,
  };
}

export function userChange(publicKey: string, change: Partial<UserChange> = {}): UserChange {
  return {
    publicKey,
    interface: 'wg0',
    rxBytes: 0n,
    txBytes: 0n,
    openingRxBytes: 0n,
    openingTxBytes: 0n,
    ...change,
  };
}

/** A promise with its ends in hand. */
export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What `look` answers at each turn of the event loop until the work is done, then once more. */
export async function seenDuring<T>(work: Promise<unknown>, look: () => Promise<T>): Promise<T[]> {
  let isDone = false;
  const watched = work.finally(() => {
    isDone = true;
  });
  const seen: T[] = [];
  while (!isDone) {
    seen.push(await look());
    // The database answers without a turn.
    await setImmediate();
  }
  await watched;
  seen.push(await look());
  return seen;
}
