import { type EventReason as Reason, reasonsIn } from '../domain/event-reason.ts';
import { EVENT_TYPES, type EventType as EventTypeName } from '../domain/event-type.ts';
import * as resolve from '../resolvers/event.ts';
import { liveEvents } from '../resolvers/live/events.ts';
import type { EventRecord } from '../resolvers/records.ts';
import { personal, visibleActor, visibleReason } from '../resolvers/redaction.ts';
import { builder } from './builder.ts';
import { defineConnection, logPageArgs } from './connection.ts';
import { Node } from './node.ts';
import { END_REASON_VALUES, Session } from './session.ts';
import { latestOf, stream } from './stream.ts';
import { User } from './user.ts';

const DESCRIPTIONS: Record<EventTypeName, string> = {
  SESSION_STARTED: 'A user came online.',
  SESSION_ENDED: 'A user went offline; `reason` says why.',
  ENDPOINT_CHANGED: "A client's address changed.",
  PEER_ADDED: 'A peer appeared on an interface.',
  PEER_REMOVED:
    'A peer disappeared from an interface that still exists; `reason` is DELETED if it was removed because its user was deleted.',
  PEER_MISSING: 'A managed peer was removed outside wgql.',
  PEER_UPDATED:
    "A peer's configuration changed; `reason` lists what, separated by commas: ALLOWED_IPS, PERSISTENT_KEEPALIVE, PRESHARED_KEY.",
  COUNTER_RESET:
    "WireGuard's counters for a peer restarted from zero; no counted traffic was lost.",
  USER_CREATED: 'A user was created, or a discovered peer became a managed user.',
  USER_UPDATED: "A user's fields were changed.",
  USER_DELETED: 'A user was deleted.',
  USER_ENABLED: 'A user was enabled.',
  USER_DISABLED: 'A user was disabled.',
  USER_EXPIRED: 'A user expired.',
  USER_KICKED: 'A client was forced to repeat the handshake.',
  QUOTA_WARNING: 'A user has used 80 % of its quota.',
  QUOTA_EXCEEDED: 'A user has used all of its quota.',
  QUOTA_RESET: 'A quota was reset.',
  TRAFFIC_RESET: "A user's totals were set to zero.",
  LIMIT_APPLIED: 'A limit was applied.',
  LIMIT_FAILED: 'A limit could not be applied.',
  INTERFACE_UP:
    'An interface appeared, was re-created (`reason` RECREATED), or was renamed to this name (`reason` RENAMED).',
  INTERFACE_DOWN: 'An interface no longer exists.',
  INTERFACE_RELOADED:
    'An interface lost most of its managed peers at once, as when it is reloaded from its configuration file. wgql restores them; `reason` gives their number.',
  MONITOR_GAP:
    'An interface was not read for longer than the online window; `reason` gives the length of this gap in seconds. It ended at the time of the event.',
};

export const EventType = builder.enumType('EventType', {
  description: 'What happened.',
  values: Object.fromEntries(
    EVENT_TYPES.map((type) => [type, { description: DESCRIPTIONS[type] }]),
  ) as Record<EventTypeName, { description: string }>,
});

const EventReason = builder.enumType('EventReason', {
  description: 'A word that says why or how an event happened.',
  values: {
    ...END_REASON_VALUES,
    ALLOWED_IPS: { description: 'The allowed IPs changed.' },
    PERSISTENT_KEEPALIVE: { description: 'The keepalive interval changed.' },
    PRESHARED_KEY: { description: 'The preshared key changed.' },
    RECREATED: { description: 'The interface was removed and created again.' },
    RENAMED: { description: 'The interface was renamed.' },
    SATURATED: { description: 'A counter had reached the largest number that can be stored.' },
    BANDWIDTH: { description: 'The limit is that of the bandwidth.' },
    DAY: { description: 'A day of the quota ended.' },
    WEEK: { description: 'A week of the quota ended.' },
    MONTH: { description: 'A month of the quota ended.' },
  } satisfies Record<Reason, { description: string }>,
});

export const Event = builder.prismaObject('Event', {
  description: 'An entry of the event log.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Increases with every event; usable as a cursor.' }),
    type: t.field({
      type: EventType,
      description: 'What happened.',
      resolve: (event) => event.type as EventTypeName,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When wgql noticed it.' }),
    userId: t.exposeID('userId', {
      nullable: true,
      description:
        "The id of the affected user, kept after the user is deleted; null for events of an interface, and for a deleted user's peer that appeared again.",
    }),
    user: t.field({
      type: User,
      nullable: true,
      description:
        'The affected user; null for events of an interface, and if the user was deleted.',
      resolve: (event, _, ctx) =>
        event.userId === null ? null : ctx.loaders.user.load(event.userId),
    }),
    session: t.field({
      type: Session,
      nullable: true,
      description: 'The session that started or ended; null for other events.',
      resolve: (event, _, ctx) =>
        event.sessionId === null ? null : ctx.loaders.session.load(event.sessionId),
    }),
    interface: t.exposeString('interface', {
      nullable: true,
      description:
        'The interface on which it happened; null if the event is not about an interface.',
    }),
    endpoint: t.string({
      nullable: true,
      resolve: (event, _, ctx) => personal(ctx, event, 'endpoint'),
      description:
        "The client's address, as ip:port; null if it does not apply or if you may not see it.",
    }),
    actor: t.string({
      nullable: true,
      resolve: (event, _, ctx) => visibleActor(ctx, event),
      description:
        'Who caused it: the name of a token (visible only to the role admin), "local", or "wgql" for an action of wgql itself; null if it was observed in WireGuard or if you may not see it.',
    }),
    reason: t.string({
      nullable: true,
      resolve: (event, _, ctx) => visibleReason(ctx, event),
      description:
        'The reason as stored: words, a number or a sentence; null if there is none, or you may not see it.',
    }),
    reasons: t.field({
      type: [EventReason],
      resolve: (event, _, ctx) => reasonsIn(visibleReason(ctx, event)),
      description:
        'The words of the reason; empty if it is a number or a sentence, or there is none.',
    }),
  }),
});

export const EventConnection = defineConnection<EventRecord>('Event', Event);

const EventFilter = builder.inputType('EventFilter', {
  description: 'Selects events. Absent and null fields do not filter.',
  fields: (t) => ({
    types: t.field({ type: [EventType], description: 'Only events of these types.' }),
    userIds: t.idList({ description: 'Only events of these users, at most 1000.' }),
    from: t.field({ type: 'DateTime', description: 'Only events at or after this time.' }),
    to: t.field({ type: 'DateTime', description: 'Only events before this time.' }),
  }),
});

builder.queryField('events', (t) =>
  t.field({
    type: EventConnection,
    args: {
      ...logPageArgs,
      filter: t.arg({ type: EventFilter, description: 'Which events to return. Null: all.' }),
    },
    description:
      'The events that match the filter, oldest first unless `newestFirst` is set. A cursor is the id of an event.',
    resolve: (_, args, ctx) => resolve.events(ctx, args),
  }),
);

builder.subscriptionField('events', (t) =>
  t.field({
    type: Event,
    args: {
      after: t.arg.id({
        description:
          'The id of the last event received: stored events after it are sent first. "0" sends all stored events. Null: only new events.',
      }),
      types: t.arg({
        type: [EventType],
        description: 'Only events of these types. Null: all types.',
      }),
      userIds: t.arg.idList({
        description: 'Only events of these users, at most 1000. Null: all events.',
      }),
    },
    description:
      'Sends each event of the log exactly once and in order. CURSOR_EXPIRED if the log no longer contains what follows `after`, SLOW_CONSUMER if the client did not read fast enough.',
    subscribe: (_, args, ctx) => stream(ctx, liveEvents(ctx, args)),
    resolve: latestOf,
  }),
);
