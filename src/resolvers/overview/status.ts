import * as z from 'zod';
import type { Text } from '../../domain/errors.ts';
import type { InterfaceOverview } from '../../store/overview.ts';
import type { Context } from '../context.ts';
import { sightOf, visibleProblem } from '../redaction.ts';
import { useCase } from '../use-case.ts';

export interface Status {
  /** Monitoring is running. */
  readonly running: boolean;
  readonly stale: boolean;
  /** Changing the WireGuard configuration is allowed. */
  readonly managing: boolean;
  readonly demo: boolean;
  readonly lastPollAt: Date | null;
  /** The current problem, or null. */
  readonly lastError: Text | null;
  readonly interfaces: readonly InterfaceOverview[];
  readonly totalUsers: number;
  readonly onlineUsers: number;
  readonly activeSessions: number;
  readonly missingUsers: number;
  /** Webhooks that receive nothing because they did not accept messages. */
  readonly disabledWebhooks: number;
  readonly onlineWindowSeconds: number;
  readonly pollIntervalSeconds: number;
  readonly uptimeSeconds: number;
  readonly version: string;
  /** The IANA name of the configured time zone. */
  readonly timeZone: string;
  readonly serverTime: Date;
  readonly retention: Retention;
}

/** How many days of each kind of record are kept; 0 means for ever. */
export interface Retention {
  readonly quarterHoursDays: number;
  readonly hoursDays: number;
  readonly eventsDays: number;
  readonly sessionsDays: number;
}

/** Returns the state of the program and of the interfaces it monitors. */
export const status = useCase('status', 'self', z.object({}), readStatus);

export async function readStatus(ctx: Context): Promise<Status> {
  const { config } = ctx;
  const now = new Date(ctx.clock.wallMs());
  const [counts, interfaces] = await Promise.all([
    ctx.store.overview.overview({ day: now, month: now }),
    ctx.store.overview.interfaces(config.interfaces),
  ]);
  const { running, stale, lastPollAt, problem } = ctx.pollerStatus();
  return {
    running,
    stale,
    lastPollAt,
    lastError: visibleProblem(ctx, problem),
    managing: config.manage,
    demo: config.demo,
    interfaces,
    totalUsers: counts.totalUsers,
    onlineUsers: counts.onlineUsers,
    activeSessions: counts.activeSessions,
    missingUsers: counts.missingUsers,
    // They belong to no owner.
    disabledWebhooks: sightOf(ctx) === 'own' ? 0 : await ctx.store.webhooks.countFailed(),
    onlineWindowSeconds: config.onlineWindowMs / 1000,
    pollIntervalSeconds: config.pollIntervalMs / 1000,
    uptimeSeconds: Math.floor((now.getTime() - ctx.startedAt.getTime()) / 1000),
    version: ctx.version,
    timeZone: ctx.calendar.timeZone,
    serverTime: now,
    retention: {
      quarterHoursDays: config.keepDays.quarterHours,
      hoursDays: config.keepDays.hours,
      eventsDays: config.keepDays.events,
      sessionsDays: config.keepDays.sessions,
    },
  };
}

/** The id of the newest event that the reader may see; 0 if there is none. */
export async function lastEventId(ctx: Context): Promise<number> {
  return (await ctx.store.events.bounds()).newestId;
}
