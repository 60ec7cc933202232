import type { AuditAction as AuditActionName } from '../domain/audit-action.ts';
import { EVENT_TYPES, type EventType as EventTypeName } from '../domain/event-type.ts';
import * as resolve from '../resolvers/event.ts';
import { liveEvents } from '../resolvers/live/events.ts';
import type { AuditRecord, EventRecord } from '../resolvers/records.ts';
import { personal, visibleActor, visibleReason } from '../resolvers/redaction.ts';
import { builder } from './builder.ts';
import { defineConnection, logPageArgs } from './connection.ts';
import { Session } from './session.ts';
import { latestOf, stream } from './stream.ts';
import { User } from './user.ts';

const DESCRIPTIONS: Record<EventTypeName, string> = {
  SESSION_STARTED: 'A user came online.',
  SESSION_ENDED: 'A user went offline; `reason` says why.',
  ENDPOINT_CHANGED: 'A client was seen at another address.',
  PEER_ADDED: 'A peer appeared on an interface.',
  PEER_REMOVED:
    'A peer disappeared from an interface that goes on otherwise; `reason` DELETED where it was removed because its user is deleted.',
  PEER_MISSING: 'A managed peer was taken off by somebody else.',
  PEER_UPDATED:
    "A peer's configuration was changed; `reason` names what, joined by commas: ALLOWED_IPS, PERSISTENT_KEEPALIVE, PRESHARED_KEY.",
  COUNTER_RESET: "WireGuard's counters of a peer began anew; nothing was lost.",
  USER_CREATED: 'A user was created or taken over.',
  USER_UPDATED: "A user's fields were changed.",
  USER_DELETED: 'A user was deleted.',
  USER_ENABLED: "The administrator's switch was turned on.",
  USER_DISABLED: "The administrator's switch was turned off.",
  USER_EXPIRED: "A user's time ran out.",
  USER_KICKED: 'A client was made to shake hands anew.',
  QUOTA_WARNING: 'A user has moved 80 % of its quota.',
  QUOTA_EXCEEDED: 'A user has moved all of its quota.',
  QUOTA_RESET: 'A quota started anew.',
  TRAFFIC_RESET: "A user's totals were set to zero.",
  LIMIT_APPLIED: 'A limit came into force.',
  LIMIT_FAILED: 'A limit could not be brought into force.',
  INTERFACE_UP:
    'An interface appeared, was re-created (`reason` RECREATED), or goes on under this name (`reason` RENAMED).',
  INTERFACE_DOWN: 'The system does not have the interface any more.',
  INTERFACE_RELOADED:
    'An interface lost most of its managed peers at once, as when it is reloaded from its configuration file, and they are put back; `reason` says how many.',
  MONITOR_GAP: 'An interface was not read for longer than the online window.',
};

export const EventType = builder.enumType('EventType', {
  description: 'What happened.',
  values: Object.fromEntries(
    EVENT_TYPES.map((type) => [type, { description: DESCRIPTIONS[type] }]),
  ) as Record<EventTypeName, { description: string }>,
});

export const Event = builder.prismaObject('Event', {
  description: 'An entry of the durable log.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Grows with every event; a cursor to go on from.' }),
    type: t.field({
      type: EventType,
      description: 'What happened.',
      resolve: (event) => event.type as EventTypeName,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was noticed.' }),
    userId: t.exposeID('userId', {
      nullable: true,
      description:
        'Whom it concerns, also after a deletion; null for an event of an interface, and for a peer of a deleted user that came back.',
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'Whom it concerns; null for an event of an interface or a deleted user.',
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
      description: 'The interface it happened on; null where it concerns the user as a whole.',
    }),
    endpoint: t.string({
      nullable: true,
      resolve: (event, _, ctx) => personal(ctx, event, 'endpoint'),
      description:
        "The client's address, as ip:port; null where it plays no part, or when you may not see it.",
    }),
    actor: t.string({
      nullable: true,
      resolve: (event, _, ctx) => visibleActor(ctx, event),
      description:
        'Who or what caused it: the name of a token, which administrators alone see, "local", or "wgql" for what the program did by itself; null where it was seen in WireGuard, or when you may not see it.',
    }),
    reason: t.string({
      nullable: true,
      resolve: (event, _, ctx) => visibleReason(ctx, event),
      description: 'Why, as a stable upper-case word; null where there is nothing to say.',
    }),
  }),
});

export const EventConnection = defineConnection<EventRecord>('Event', Event);

const EventFilter = builder.inputType('EventFilter', {
  description: 'Which events; absent or null fields do not narrow.',
  fields: (t) => ({
    types: t.field({ type: [EventType], description: 'Only these types.' }),
    userIds: t.idList({ description: 'Only those of these users, at most 1000.' }),
    from: t.field({ type: 'DateTime', description: 'Only at or after this instant.' }),
    to: t.field({ type: 'DateTime', description: 'Only before this instant.' }),
  }),
});

const AuditAction = builder.enumType('AuditAction', {
  description: 'What an entry of the audit log is about: a mutation, or what wgql did by itself.',
  values: {
    createUser: { description: 'A user was created.' },
    provisionUser: { description: 'A user was created together with its client configuration.' },
    updateUser: { description: 'Fields of a user were changed.' },
    setUserEnabled: { description: 'The switch of a user was turned on or off.' },
    resetTraffic: { description: 'The totals of a user were set to zero.' },
    kickUser: { description: 'A client was made to shake hands again.' },
    deleteUser: { description: 'The deletion of a user was asked for.' },
    deleteUserFailed: {
      description: 'A deletion was undone, since the peer could not be removed.',
    },
    cutOff: {
      description: 'wgql removed a peer because of a limit, or because others had put it back.',
    },
    createToken: { description: 'A token was created.' },
    revokeToken: { description: 'A token was revoked.' },
  } satisfies Record<AuditActionName, { description: string }>,
});

const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'Who asked for which change.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Grows with every entry.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.exposeString('actor', {
      description:
        'Who: the name of a token, "local", "cli" for the command line, or "wgql" for what the program did by itself.',
    }),
    action: t.field({
      type: AuditAction,
      description: 'What was changed.',
      resolve: ({ action }) => action as AuditActionName,
    }),
    userId: t.exposeID('userId', {
      nullable: true,
      description: 'Whom it concerns; null for none.',
    }),
    detail: t.exposeString('detail', {
      description:
        'JSON: the names of the changed fields, or why a peer was cut off; never a secret.',
    }),
  }),
});

const AuditConnection = defineConnection<AuditRecord>('Audit', AuditEntry);

builder.queryFields((t) => ({
  events: t.field({
    type: EventConnection,
    args: {
      ...logPageArgs,
      filter: t.arg({ type: EventFilter, description: 'Which events; null is all.' }),
    },
    description: 'The durable log, oldest first; `after` takes the id of an event.',
    resolve: (_, args, ctx) => resolve.events(ctx, args),
  }),
  auditLog: t.field({
    type: AuditConnection,
    args: logPageArgs,
    description: 'Who asked for which change, oldest first. Needs the role admin.',
    resolve: (_, args, ctx) => resolve.auditLog(ctx, args),
  }),
}));

builder.subscriptionField('events', (t) =>
  t.field({
    type: Event,
    args: {
      after: t.arg.id({
        description:
          'The id of the last event that was seen: what is kept after it comes first. "0" is all that is kept; null is only what is new.',
      }),
      types: t.arg({ type: [EventType], description: 'Only these types; null is all.' }),
      userIds: t.arg.idList({
        description: 'Only those of these users, at most 1000; null is all.',
      }),
    },
    description:
      'The durable log, each event exactly once and in order. CURSOR_EXPIRED when the log does not reach back to `after`, SLOW_CONSUMER when events were not read fast enough.',
    subscribe: (_, args, ctx) => stream(ctx, liveEvents(ctx, args)),
    resolve: latestOf,
  }),
);
