import * as z from 'zod';
import { inTurns } from '../../async/in-turns.ts';
import type { Reading } from '../../metrics/reading.ts';
import type { Services } from '../context.ts';
import { useCase } from '../use-case.ts';
import { sumUp } from './sum-up.ts';

/** Returns what is exported to Prometheus. */
export const metrics = useCase('metrics', 'viewer', z.object({}), readMetrics);

/** The same without a client: for a listener that the operator has opened for it. */
export async function readMetrics(services: Services): Promise<Reading> {
  const { config, clock, pollerStatus, tracked, version } = services;
  const { users } = await services.store.users.some({}, null);
  const { lastPollAt, stale, isWritten } = pollerStatus();
  const nowMs = clock.wallMs();
  return {
    ...(await inTurns(sumUp(users, tracked(), config, nowMs))),
    disabledWebhooks: await services.store.webhooks.countFailed(),
    nowMs,
    lastPollMs: lastPollAt?.getTime() ?? null,
    isStale: stale,
    isWritten,
    isDemo: config.demo,
    version,
    nodeVersion: process.versions.node,
  };
}
