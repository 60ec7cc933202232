import { randomBytes } from 'node:crypto';
import { TimeLimitError, withTimeLimit } from '../async/deadline.ts';
import type { Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Clock } from '../domain/time/clock.ts';
import { messageOf, testMessage } from '../domain/webhook/message.ts';
import { MAX_DELAY_MS } from '../domain/webhook/schedule.ts';
import type { Bus } from '../live/bus.ts';
import type { eventStore } from '../store/event.ts';
import type { EventRecord } from '../store/records.ts';
import type { DeliveryRecord, QueueRecord, SealedWebhook } from '../store/webhook/records.ts';
import type { webhookStore } from '../store/webhook/webhook.ts';
import { type AttemptOptions, attempt } from './attempt.ts';
import { changeAfter } from './change-after.ts';
import { deliveryOf, messageIdOf, type Sent, skippedDelivery } from './delivery-of.ts';
import { logChange } from './log.ts';
import { type Task, workLoop } from './loop.ts';
import { type Resolve, resolveTarget, systemResolve, TargetError } from './target.ts';
import { filterOf, isWanted, type WantedUser } from './wanted.ts';

/** Messages that are sent at the same time, to one webhook at most one. */
const MAX_IN_FLIGHT = 16;

/** Events that are read at a time. */
const PAGE = 100;

/** From the look-up of the name to the head of the response. */
const ATTEMPT_WITHIN_MS = 15_000;

/** A name that takes longer to look up counts as one that cannot be resolved now. */
const CHECK_WITHIN_MS = 5_000;

/** The parts that tests replace. */
export interface WebhookOverrides {
  readonly withinMs?: number;
  readonly resolve?: Resolve;
  /** From 0 to 1. */
  readonly random?: () => number;
}

export interface SenderOptions
  extends Omit<AttemptOptions, 'clock' | 'resolve' | 'withinMs'>,
    WebhookOverrides {
  readonly store: {
    readonly webhooks: ReturnType<typeof webhookStore>;
    readonly events: Pick<ReturnType<typeof eventStore>, 'bounds' | 'list'>;
    readonly users: { find(id: number): Promise<WantedUser | null> };
  };
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each attempt. */
  readonly onAttempt: (ok: boolean) => void;
}

/** Sends events to webhooks. The event log is the queue: all that is kept is what follows their cursors. */
export interface WebhookSender {
  start(): void;
  /** Sends nothing more. What was sent and not recorded is sent again after the next start. */
  stop(): Promise<void>;
  /** Looks for work at once, after a change of the webhooks. */
  look(): void;
  /** What is wrong with the URL of a receiver, or null. A name that cannot be resolved now is permitted. */
  problemOf(url: string): Promise<Text | null>;
  /** Sends a message about no event. */
  test(webhook: SealedWebhook): Promise<DeliveryRecord>;
  /** Sends an event once more. */
  repeat(webhook: SealedWebhook, event: EventRecord): Promise<DeliveryRecord>;
}

export function createWebhookSender(given: SenderOptions): WebhookSender {
  const options = { withinMs: ATTEMPT_WITHIN_MS, resolve: systemResolve, ...given };
  const { store, clock, log, random = Math.random } = options;
  const { webhooks, events, users } = store;

  const userOf = async ({ userId }: EventRecord) => (userId === null ? null : users.find(userId));

  const attemptOnce = async (
    webhook: SealedWebhook,
    sent: Pick<Sent, 'id' | 'message'>,
    stop: AbortSignal,
  ) => {
    const outcome = await attempt(options, webhook, sent, stop);
    options.onAttempt(outcome.ok);
    return outcome;
  };

  /** Records that the events after the cursor, up to those that the log still has, were deleted. */
  const skip = async (queue: QueueRecord) => {
    const { cursor, webhookId } = queue;
    const { droppedId } = await events.bounds();
    const [next] = await events.list({}, { limit: 1, after: cursor });
    const lastId = next === undefined ? droppedId : next.id - 1;
    const at = new Date(clock.wallMs());
    await webhooks.recordSkipped(queue, lastId, skippedDelivery({ webhookId, cursor, lastId, at }));
  };

  const send = async (
    webhook: SealedWebhook,
    queue: QueueRecord,
    event: EventRecord,
    user: WantedUser | null,
    stop: AbortSignal,
  ) => {
    const sent = { id: messageIdOf(event), message: messageOf(event, user) };
    const outcome = await attemptOnce(webhook, sent, stop);
    const now = { nowMs: clock.wallMs(), random: random() };
    const change = changeAfter(outcome, queue, event.id, now);
    const origin = queue.until === null ? 'LIVE' : 'REPLAY';
    const number = queue.attempt + 1;
    const delivery = deliveryOf(webhook, { ...sent, event, origin, number }, outcome);
    const isChanged = await webhooks.recordAttempt(queue, delivery, change);
    if (isChanged) logChange(log, webhook, queue, change, outcome);
  };

  /** The last event up to `lastId` before which none after the cursor was deleted. */
  const presentUntil = async (cursor: number, lastId: number): Promise<number> => {
    const { droppedId } = await events.bounds();
    if (cursor >= droppedId) return lastId;
    let presentId = cursor;
    for (const { id } of await events.list({}, { limit: PAGE, after: cursor })) {
      if (id === presentId + 1) presentId = id;
    }
    return Math.min(presentId, lastId);
  };

  /** Sends the next event of a queue up to `endId`, or moves its cursor over events that are not wanted. */
  const advance = async (
    webhook: SealedWebhook,
    queue: QueueRecord,
    endId: number,
    stop: AbortSignal,
  ) => {
    const { cursor, until } = queue;
    const range = { after: cursor, before: endId + 1 };
    const page = await events.list(filterOf(webhook), { limit: PAGE, ...range });
    const seenId = page.length < PAGE ? endId : (page.at(-1)?.id ?? endId);
    // After the page was read, so that an event which it lacks is known to be deleted.
    const lastId = until === null ? await presentUntil(cursor, seenId) : seenId;
    if (lastId === cursor) return skip(queue);
    for (const event of page.filter(({ id }) => id <= lastId)) {
      const user = await userOf(event);
      if (isWanted(webhook, event.userId, user)) return send(webhook, queue, event, user, stop);
    }
    await webhooks.advance(queue, lastId);
  };

  /** What can be done now, and after how many milliseconds there is more; null: not before an event. */
  const plan = async () => {
    // Before the webhooks, so that what they wanted then is what is left out up to this event.
    const { newestId } = await events.bounds();
    const enabled = await webhooks.enabled();
    if (enabled.length === 0) return { tasks: [], waitMs: null, isIdle: true };
    const nowMs = clock.wallMs();
    const tasks: Task[] = [];
    let waitMs: number | null = null;
    for (const webhook of enabled) {
      const waiting = webhook.queues.filter((queue) => queue.cursor < endOf(queue, newestId));
      const due = waiting.find((queue) => waitOf(queue, nowMs) === 0);
      if (due !== undefined) {
        const endId = endOf(due, newestId);
        tasks.push({ id: webhook.id, run: (stop) => advance(webhook, due, endId, stop) });
      }
      for (const queue of waiting) {
        const queueMs = waitOf(queue, nowMs);
        if (queueMs > 0) waitMs = Math.min(waitMs ?? queueMs, queueMs);
      }
    }
    return { tasks, waitMs, isIdle: false };
  };

  const loop = workLoop({ ...options, plan, maxInFlight: MAX_IN_FLIGHT });

  const sendOnce = async (
    webhook: SealedWebhook,
    sent: Omit<Sent, 'number'>,
  ): Promise<DeliveryRecord> => {
    const outcome = await attemptOnce(webhook, sent, loop.stopping);
    return webhooks.recordDelivery(deliveryOf(webhook, { ...sent, number: 1 }, outcome));
  };

  return {
    start: loop.start,
    stop: loop.stop,
    look: loop.look,
    problemOf: async (url) => {
      try {
        const { allowed, resolve } = options;
        await withTimeLimit(CHECK_WITHIN_MS, null, () => resolveTarget(url, allowed, resolve));
        return null;
      } catch (error) {
        if (error instanceof TimeLimitError) return null;
        if (!(error instanceof TargetError)) throw error;
        return error.isUnknown ? null : error.text;
      }
    },
    test: (webhook) => {
      const message = testMessage(new Date(clock.wallMs()));
      const id = `test_${randomBytes(12).toString('hex')}`;
      return sendOnce(webhook, { id, message, event: null, origin: 'TEST' });
    },
    repeat: async (webhook, event) => {
      const message = messageOf(event, await userOf(event));
      return sendOnce(webhook, { id: messageIdOf(event), message, event, origin: 'REPEAT' });
    },
  };
}

/** The last event of a queue. */
function endOf({ until }: QueueRecord, newestId: number): number {
  return until ?? newestId;
}

/** How long until the next event of a queue may be sent. */
function waitOf({ nextAt }: QueueRecord, nowMs: number): number {
  const waitMs = (nextAt?.getTime() ?? 0) - nowMs;
  return waitMs > 0 && waitMs <= MAX_DELAY_MS ? waitMs : 0;
}
