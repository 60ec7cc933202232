/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The length of each point in a traffic series. */
export type Bucket =
  /** One calendar day in the time zone; 23 or 25 hours long when the clocks change. */
  | 'DAY'
  /** One hour in the time zone; kept for WGQL_KEEP_HOURS_DAYS days. */
  | 'HOUR'
  /** One calendar month in the time zone. */
  | 'MONTH'
  /** 15 minutes; kept for WGQL_KEEP_QUARTER_HOURS_DAYS days. */
  | 'QUARTER_HOUR';

/** A word that says why or how an event happened. */
export type EventReason =
  /** The allowed IPs changed. */
  | 'ALLOWED_IPS'
  /** The limit is that of the bandwidth. */
  | 'BANDWIDTH'
  /** A day of the quota ended. */
  | 'DAY'
  /** wgql removed the peer: the user was deleted. */
  | 'DELETED'
  /** wgql removed the peer: the user was disabled. */
  | 'DISABLED'
  /** wgql removed the peer: the user expired. */
  | 'EXPIRED'
  /** The interface was down for longer than the online window. */
  | 'INTERFACE_DOWN'
  /** wgql removed and restored the peer: the user was kicked. */
  | 'KICKED'
  /** The interface was not read for longer than the online window. */
  | 'MONITOR_GAP'
  /** A month of the quota ended. */
  | 'MONTH'
  /** wgql moved the peer to another interface. */
  | 'MOVED'
  /** The peer was removed from the interface outside wgql. */
  | 'PEER_REMOVED'
  /** The keepalive interval changed. */
  | 'PERSISTENT_KEEPALIVE'
  /** The preshared key changed. */
  | 'PRESHARED_KEY'
  /** wgql removed the peer: the quota was used up. */
  | 'QUOTA_EXCEEDED'
  /** The interface was removed and created again. */
  | 'RECREATED'
  /** The interface was renamed. */
  | 'RENAMED'
  /** A counter had reached the largest number that can be stored. */
  | 'SATURATED'
  /** The client showed no activity for longer than the online window. */
  | 'TIMEOUT'
  /** A week of the quota ended. */
  | 'WEEK';

/** What happened. */
export type EventType =
  /** WireGuard's counters for a peer restarted from zero; no counted traffic was lost. */
  | 'COUNTER_RESET'
  /** A client's address changed. */
  | 'ENDPOINT_CHANGED'
  /** An interface no longer exists. */
  | 'INTERFACE_DOWN'
  /** An interface lost most of its managed peers at once, as when it is reloaded from its configuration file. wgql restores them; `reason` gives their number. */
  | 'INTERFACE_RELOADED'
  /** An interface appeared, was re-created (`reason` RECREATED), or was renamed to this name (`reason` RENAMED). */
  | 'INTERFACE_UP'
  /** A limit was applied. */
  | 'LIMIT_APPLIED'
  /** A limit could not be applied. */
  | 'LIMIT_FAILED'
  /** An interface was not read for longer than the online window; `reason` gives the length of this gap in seconds. It ended at the time of the event. */
  | 'MONITOR_GAP'
  /** A peer appeared on an interface. */
  | 'PEER_ADDED'
  /** A managed peer was removed outside wgql. */
  | 'PEER_MISSING'
  /** A peer disappeared from an interface that still exists; `reason` is DELETED if it was removed because its user was deleted. */
  | 'PEER_REMOVED'
  /** A peer's configuration changed; `reason` lists what, separated by commas: ALLOWED_IPS, PERSISTENT_KEEPALIVE, PRESHARED_KEY. */
  | 'PEER_UPDATED'
  /** A user has used all of its quota. */
  | 'QUOTA_EXCEEDED'
  /** A quota was reset. */
  | 'QUOTA_RESET'
  /** A user has used 80 % of its quota. */
  | 'QUOTA_WARNING'
  /** A user went offline; `reason` says why. */
  | 'SESSION_ENDED'
  /** A user came online. */
  | 'SESSION_STARTED'
  /** A user's totals were set to zero. */
  | 'TRAFFIC_RESET'
  /** A user was created, or a discovered peer became a managed user. */
  | 'USER_CREATED'
  /** A user was deleted. */
  | 'USER_DELETED'
  /** A user was disabled. */
  | 'USER_DISABLED'
  /** A user was enabled. */
  | 'USER_ENABLED'
  /** A user expired. */
  | 'USER_EXPIRED'
  /** A client was forced to repeat the handshake. */
  | 'USER_KICKED'
  /** A user's fields were changed. */
  | 'USER_UPDATED';

/** What a token allows. Each role includes the rights of the roles before it. */
export type Role =
  /** Also create and revoke tokens, manage webhooks, and read the audit log. */
  | 'ADMIN'
  /** Also see all fields of users, and change users. */
  | 'OPERATOR'
  /** Read and subscribe to an owner's users as if there were no others: their sessions, traffic and events, with all their fields except the note. */
  | 'SELF'
  /** Read and subscribe to everything, without mail addresses, phone numbers, notes, owners, tags, endpoints and allowed IPs. */
  | 'VIEWER';

/** Why a webhook receives nothing. */
export type WebhookDisabledReason =
  /** All attempts to send an event failed. */
  | 'FAILED'
  /** The receiver answered with HTTP 410. */
  | 'GONE'
  /** updateWebhook disabled it. */
  | 'REQUESTED';

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { name: string, role: Role, owner: string | null, expiresAt: string | null, isLoggedIn: boolean }, status: { running: boolean, stale: boolean, managing: boolean, demo: boolean, lastPollAt: string | null, lastError: string | null, lastEventId: string, onlineUsers: number, totalUsers: number, missingUsers: number, disabledWebhooks: number, pollIntervalSeconds: number, onlineWindowSeconds: number, timeZone: string, serverTime: string, version: string, interfaces: Array<{ id: string, name: string, up: boolean, peerCount: number, onlineCount: number, lastReadAt: string }> } };

export type TrafficQueryVariables = Exact<{
  bucket: Bucket;
  from?: string | null | undefined;
  to?: string | null | undefined;
  userId?: string | number | null | undefined;
}>;


export type TrafficQuery = { traffic: Array<{ start: string, end: string, rx: string, tx: string, estimated: boolean }> };

export type GapsQueryVariables = Exact<{
  from?: string | null | undefined;
  to?: string | null | undefined;
}>;


export type GapsQuery = { dashboard: { recordStart: string }, events: { edges: Array<{ node: { id: string, at: string, reason: string | null } }> } };

export type NewestEventsQueryVariables = Exact<{
  first: number;
  userIds?: Array<string | number> | string | number | null | undefined;
}>;


export type NewestEventsQuery = { events: { edges: Array<{ node: { id: string, type: EventType, at: string, userId: string | null, interface: string | null, endpoint: string | null, reason: string | null, reasons: Array<EventReason>, actor: string | null, user: { id: string, nickname: string } | null } }> }, status: { lastEventId: string } };

export type EventLineFragment = { id: string, type: EventType, at: string, userId: string | null, interface: string | null, endpoint: string | null, reason: string | null, reasons: Array<EventReason>, actor: string | null, user: { id: string, nickname: string } | null };

export type LivePresenceSubscriptionVariables = Exact<{
  userIds?: Array<string | number> | string | number | null | undefined;
}>;


export type LivePresenceSubscription = { presence: Array<{ isOnline: boolean, at: string, user: { id: string } }> };

export type LiveRatesSubscriptionVariables = Exact<{
  minIntervalMs?: number | null | undefined;
  userIds?: Array<string | number> | string | number | null | undefined;
}>;


export type LiveRatesSubscription = { liveTraffic: Array<{ rxBytesPerSecond: number, txBytesPerSecond: number, user: { id: string } }> };

export type LiveEventsSubscriptionVariables = Exact<{
  after?: string | number | null | undefined;
  userIds?: Array<string | number> | string | number | null | undefined;
}>;


export type LiveEventsSubscription = { events: { id: string, type: EventType, at: string, userId: string | null, interface: string | null, endpoint: string | null, reason: string | null, reasons: Array<EventReason>, actor: string | null, user: { id: string, nickname: string } | null } };

export type LiveStatusSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LiveStatusSubscription = { status: { running: boolean, stale: boolean, managing: boolean, demo: boolean, lastPollAt: string | null, lastError: string | null, lastEventId: string, onlineUsers: number, totalUsers: number, missingUsers: number, disabledWebhooks: number, pollIntervalSeconds: number, onlineWindowSeconds: number, timeZone: string, serverTime: string, version: string, interfaces: Array<{ id: string, name: string, up: boolean, peerCount: number, onlineCount: number, lastReadAt: string }> } };

export type StatusFieldsFragment = { running: boolean, stale: boolean, managing: boolean, demo: boolean, lastPollAt: string | null, lastError: string | null, lastEventId: string, onlineUsers: number, totalUsers: number, missingUsers: number, disabledWebhooks: number, pollIntervalSeconds: number, onlineWindowSeconds: number, timeZone: string, serverTime: string, version: string, interfaces: Array<{ id: string, name: string, up: boolean, peerCount: number, onlineCount: number, lastReadAt: string }> };

export type LiveDashboardSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LiveDashboardSubscription = { dashboard: { totalUsers: number, onlineUsers: number, totalRx: string, totalTx: string, todayRx: string, todayTx: string, monthRx: string, monthTx: string, rxBytesPerSecond: number, txBytesPerSecond: number, recordStart: string } };

export type AttentionQueryVariables = Exact<{
  now: string;
  soon: string;
  isAdmin: boolean;
}>;


export type AttentionQuery = { almostUsedUp: { edges: Array<{ node: { id: string, nickname: string, quota: { used: string, limit: string | null } } }> }, expiring: { totalCount: number, edges: Array<{ node: { id: string, nickname: string, expiresAt: string | null } }> }, missing: { totalCount: number, edges: Array<{ node: { id: string, nickname: string } }> }, pending: { totalCount: number, edges: Array<{ node: { id: string, nickname: string, enforcement: { lastError: string | null } } }> }, failures: { edges: Array<{ node: { id: string, type: EventType, at: string, reason: string | null, user: { id: string, nickname: string } | null } }> }, webhooks?: Array<{ id: string, url: string, disabledReason: WebhookDisabledReason | null }> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const EventLineFragmentDoc = new TypedDocumentString(`
    fragment EventLine on Event {
  id
  type
  at
  userId
  user {
    id
    nickname
  }
  interface
  endpoint
  reason
  reasons
  actor
}
    `, {"fragmentName":"EventLine"}) as unknown as TypedDocumentString<EventLineFragment, unknown>;
export const StatusFieldsFragmentDoc = new TypedDocumentString(`
    fragment StatusFields on Status {
  running
  stale
  managing
  demo
  lastPollAt
  lastError
  lastEventId
  onlineUsers
  totalUsers
  missingUsers
  disabledWebhooks
  pollIntervalSeconds
  onlineWindowSeconds
  timeZone
  serverTime
  version
  interfaces {
    id
    name
    up
    peerCount
    onlineCount
    lastReadAt
  }
}
    `, {"fragmentName":"StatusFields"}) as unknown as TypedDocumentString<StatusFieldsFragment, unknown>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    name
    role
    owner
    expiresAt
    isLoggedIn
  }
  status {
    ...StatusFields
  }
}
    fragment StatusFields on Status {
  running
  stale
  managing
  demo
  lastPollAt
  lastError
  lastEventId
  onlineUsers
  totalUsers
  missingUsers
  disabledWebhooks
  pollIntervalSeconds
  onlineWindowSeconds
  timeZone
  serverTime
  version
  interfaces {
    id
    name
    up
    peerCount
    onlineCount
    lastReadAt
  }
}`) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const TrafficDocument = new TypedDocumentString(`
    query Traffic($bucket: Bucket!, $from: DateTime, $to: DateTime, $userId: ID) {
  traffic(bucket: $bucket, from: $from, to: $to, userId: $userId) {
    start
    end
    rx
    tx
    estimated
  }
}
    `) as unknown as TypedDocumentString<TrafficQuery, TrafficQueryVariables>;
export const GapsDocument = new TypedDocumentString(`
    query Gaps($from: DateTime, $to: DateTime) {
  dashboard {
    recordStart
  }
  events(
    first: 200
    newestFirst: true
    filter: {types: [MONITOR_GAP], from: $from, to: $to}
  ) {
    edges {
      node {
        id
        at
        reason
      }
    }
  }
}
    `) as unknown as TypedDocumentString<GapsQuery, GapsQueryVariables>;
export const NewestEventsDocument = new TypedDocumentString(`
    query NewestEvents($first: Int!, $userIds: [ID!]) {
  events(first: $first, newestFirst: true, filter: {userIds: $userIds}) {
    edges {
      node {
        ...EventLine
      }
    }
  }
  status {
    lastEventId
  }
}
    fragment EventLine on Event {
  id
  type
  at
  userId
  user {
    id
    nickname
  }
  interface
  endpoint
  reason
  reasons
  actor
}`) as unknown as TypedDocumentString<NewestEventsQuery, NewestEventsQueryVariables>;
export const LivePresenceDocument = new TypedDocumentString(`
    subscription LivePresence($userIds: [ID!]) {
  presence(userIds: $userIds) {
    user {
      id
    }
    isOnline
    at
  }
}
    `) as unknown as TypedDocumentString<LivePresenceSubscription, LivePresenceSubscriptionVariables>;
export const LiveRatesDocument = new TypedDocumentString(`
    subscription LiveRates($minIntervalMs: Int, $userIds: [ID!]) {
  liveTraffic(minIntervalMs: $minIntervalMs, userIds: $userIds) {
    user {
      id
    }
    rxBytesPerSecond
    txBytesPerSecond
  }
}
    `) as unknown as TypedDocumentString<LiveRatesSubscription, LiveRatesSubscriptionVariables>;
export const LiveEventsDocument = new TypedDocumentString(`
    subscription LiveEvents($after: ID, $userIds: [ID!]) {
  events(after: $after, userIds: $userIds) {
    ...EventLine
  }
}
    fragment EventLine on Event {
  id
  type
  at
  userId
  user {
    id
    nickname
  }
  interface
  endpoint
  reason
  reasons
  actor
}`) as unknown as TypedDocumentString<LiveEventsSubscription, LiveEventsSubscriptionVariables>;
export const LiveStatusDocument = new TypedDocumentString(`
    subscription LiveStatus {
  status {
    ...StatusFields
  }
}
    fragment StatusFields on Status {
  running
  stale
  managing
  demo
  lastPollAt
  lastError
  lastEventId
  onlineUsers
  totalUsers
  missingUsers
  disabledWebhooks
  pollIntervalSeconds
  onlineWindowSeconds
  timeZone
  serverTime
  version
  interfaces {
    id
    name
    up
    peerCount
    onlineCount
    lastReadAt
  }
}`) as unknown as TypedDocumentString<LiveStatusSubscription, LiveStatusSubscriptionVariables>;
export const LiveDashboardDocument = new TypedDocumentString(`
    subscription LiveDashboard {
  dashboard {
    totalUsers
    onlineUsers
    totalRx
    totalTx
    todayRx
    todayTx
    monthRx
    monthTx
    rxBytesPerSecond
    txBytesPerSecond
    recordStart
  }
}
    `) as unknown as TypedDocumentString<LiveDashboardSubscription, LiveDashboardSubscriptionVariables>;
export const AttentionDocument = new TypedDocumentString(`
    query Attention($now: DateTime!, $soon: DateTime!, $isAdmin: Boolean!) {
  almostUsedUp: users(first: 20, orderBy: {field: QUOTA_USED, descending: true}) {
    edges {
      node {
        id
        nickname
        quota {
          used
          limit
        }
      }
    }
  }
  expiring: users(
    first: 20
    filter: {expiresAfter: $now, expiresBefore: $soon, enabled: true}
    orderBy: {field: EXPIRES_AT}
  ) {
    totalCount
    edges {
      node {
        id
        nickname
        expiresAt
      }
    }
  }
  missing: users(first: 20, filter: {enforcement: MISSING}) {
    totalCount
    edges {
      node {
        id
        nickname
      }
    }
  }
  pending: users(first: 20, filter: {enforcement: PENDING}) {
    totalCount
    edges {
      node {
        id
        nickname
        enforcement {
          lastError
        }
      }
    }
  }
  failures: events(
    first: 10
    newestFirst: true
    filter: {types: [LIMIT_FAILED, LIMIT_APPLIED]}
  ) {
    edges {
      node {
        id
        type
        at
        reason
        user {
          id
          nickname
        }
      }
    }
  }
  webhooks @include(if: $isAdmin) {
    id
    url
    disabledReason
  }
}
    `) as unknown as TypedDocumentString<AttentionQuery, AttentionQueryVariables>;