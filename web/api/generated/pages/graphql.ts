/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What an entry of the audit log records: a mutation, or an action of wgql itself. */
export type AuditAction =
  /** A token was created. */
  | 'createToken'
  /** A user was created. */
  | 'createUser'
  /** A webhook was created. */
  | 'createWebhook'
  /** wgql removed a peer because of a limit, or because it had been restored outside wgql. */
  | 'cutOff'
  /** The deletion of a user was requested. */
  | 'deleteUser'
  /** A deletion was undone because the peer could not be removed. */
  | 'deleteUserFailed'
  /** A webhook was deleted. */
  | 'deleteWebhook'
  /** A login was ended by an administrator. */
  | 'endLogin'
  /** A user was created or completed by an import. */
  | 'importUsers'
  /** A client was forced to repeat the handshake. */
  | 'kickUser'
  /** A user was created together with its client configuration. */
  | 'provisionUser'
  /** One message was sent to a webhook again. */
  | 'repeatWebhookDelivery'
  /** Logged events were sent to a webhook again. */
  | 'replayWebhook'
  /** The totals of a user were set to zero. */
  | 'resetTraffic'
  /** A token was revoked. */
  | 'revokeToken'
  /** The secret of a webhook was replaced. */
  | 'rotateWebhookSecret'
  /** A user was enabled or disabled. */
  | 'setUserEnabled'
  /** A test message was sent to a webhook. */
  | 'testWebhook'
  /** Client defaults of an interface were changed. */
  | 'updateInterface'
  /** Fields of a user were changed. */
  | 'updateUser'
  /** A webhook was changed. */
  | 'updateWebhook';

/** Selects entries of the audit log. Absent and null fields do not filter. */
export type AuditFilter = {
  /** Only entries with these actions. */
  actions?: Array<AuditAction> | null | undefined;
  /** Only entries of exactly this actor, such as the name of a token. */
  actor?: string | null | undefined;
  /** Only entries at or after this time. */
  from?: string | null | undefined;
  /** Only entries before this time. */
  to?: string | null | undefined;
  /** Only entries about this user. */
  userId?: string | number | null | undefined;
};

/** A new token. */
export type CreateTokenInput = {
  /** Address prefixes the token may be used from, such as 192.0.2.0/24; 1 to 32 prefixes. Absent or null: any address. */
  allowedFrom?: Array<string> | null | undefined;
  /** When the token stops being accepted; must be in the future. Absent or null: never. */
  expiresAt?: string | null | undefined;
  /** At most 64 characters; must differ from the names of all other tokens, including revoked ones. */
  name: string;
  /** Whose users the token reads: the exact `owner` of those users, at most 100 characters. Required for the role SELF; INVALID_ARGUMENT for any other role. */
  owner?: string | null | undefined;
  /** What the token allows. */
  role: Role;
};

/** A new user. Absent and null fields take their defaults. */
export type CreateUserInput = {
  /** Prefixes the peer may use inside the tunnel (AllowedIPs), such as 10.0.0.2/32. */
  allowedIps?: Array<string> | null | undefined;
  /** KB/s in each direction (1 KB = 1024 bytes); 0 means no limit. */
  bandwidthLimit?: number | null | undefined;
  /** MB, both directions together (1 MB = 1048576 bytes); 0 means no limit. */
  dataLimit?: number | null | undefined;
  /** Whether the user may connect; expiry and quota can still prevent it. */
  enabled?: boolean | null | undefined;
  /** When the user loses access. Null: never. A past time takes effect immediately. */
  expiresAt?: string | null | undefined;
  /** The WireGuard interface of the user. Absent: the only monitored interface. */
  interface?: string | null | undefined;
  /** Mail address, or empty. */
  mail?: string | null | undefined;
  /** A display name, at most 256 characters. */
  nickname?: string | null | undefined;
  /** A note for operators, at most 256 characters. */
  note?: string | null | undefined;
  /** The name of the person or group the user belongs to, at most 100 characters. A token with the role self and this owner reads the user. Empty or null: none. */
  owner?: string | null | undefined;
  /** Seconds between keepalive packets sent by the server; 0 means off. */
  persistentKeepalive?: number | null | undefined;
  /** Phone number, at most 256 characters. */
  phone?: string | null | undefined;
  /** Base64 of 32 bytes, 44 characters. Stored encrypted and never returned. */
  presharedKey?: string | null | undefined;
  /** The peer's WireGuard public key: base64 of 32 bytes, 44 characters. */
  publicKey: string;
  /** How often the quota resets. */
  quotaPeriod?: QuotaPeriod | null | undefined;
  /** At most 20 tags of 1 to 50 characters. Tags that differ only in case are one tag. Replaces all tags; null or empty: none. */
  tags?: Array<string> | null | undefined;
};

/** A new webhook. Absent and null fields take their defaults. */
export type CreateWebhookInput = {
  /** The media type of the body, such as text/plain; charset=utf-8. The standard message is always application/json. Null: application/json. */
  contentType?: string | null | undefined;
  /** What the webhook is for, at most 256 characters. */
  description?: string | null | undefined;
  /** See `userIds`; at most 20 tags. Their case is ignored. */
  tags?: Array<string> | null | undefined;
  /** The body of messages, at most 4000 characters, with placeholders: {{type}}, {{timestamp}}, {{data.id}}, {{data.interface}}, {{data.endpoint}}, {{data.reason}}, {{data.actor}}, {{data.sessionId}}, {{data.user.id}}, {{data.user.publicKey}}, {{data.user.nickname}}. A value that is missing is empty; values are escaped for JSON and forms. Null or empty: the standard message. */
  template?: string | null | undefined;
  /** The types of the events to send. Null: all. */
  types?: Array<EventType> | null | undefined;
  /** Where to send messages: https, or http if the address is private. Which addresses are permitted is a setting, WGQL_WEBHOOK_ALLOW_PRIVATE. */
  url: string;
  /** Send only events of these users, at most 1000, and of users with one of the tags. If there are neither, events of all users and interfaces are sent. */
  userIds?: Array<string | number> | null | undefined;
};

/** Why a peer must be off its interface. */
export type CutReason =
  /** The user is being deleted. */
  | 'DELETED'
  /** An administrator disabled the user. */
  | 'DISABLED'
  /** The user has expired. */
  | 'EXPIRED'
  /** The quota for the current period is used up. */
  | 'QUOTA_EXCEEDED';

/** Why a session ended. */
export type EndReason =
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
  /** wgql moved the peer to another interface. */
  | 'MOVED'
  /** The peer was removed from the interface outside wgql. */
  | 'PEER_REMOVED'
  /** wgql removed the peer: the quota was used up. */
  | 'QUOTA_EXCEEDED'
  /** The client showed no activity for longer than the online window. */
  | 'TIMEOUT';

/** Whether a user's peer is on its interface. */
export type EnforcementState =
  /** Not on the interface. */
  | 'ABSENT'
  /** Removed outside wgql, which does not restore it without a request. */
  | 'MISSING'
  /** Requested, but not applied yet. */
  | 'PENDING'
  /** On the interface. */
  | 'PRESENT'
  /** WireGuard cannot be read now, or the peer is on an interface that wgql does not monitor. */
  | 'UNKNOWN';

/** What kind of failure it is: the `extensions.code` of every error. */
export type ErrorCode =
  /** The current state does not allow the change. */
  | 'CONFLICT'
  /** The event log no longer has all events after the cursor. */
  | 'CURSOR_EXPIRED'
  /** The role of the token does not allow it. */
  | 'FORBIDDEN'
  /** The server failed; its log has the details. */
  | 'INTERNAL'
  /** The input or the document is not valid; `extensions.fields` names the fields. */
  | 'INVALID_ARGUMENT'
  /** The HTTP method does not allow this operation. */
  | 'METHOD_NOT_ALLOWED'
  /** There is no such object. */
  | 'NOT_FOUND'
  /** The request is too large. */
  | 'PAYLOAD_TOO_LARGE'
  /** The document with this hash is not known; send it together with the hash. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** There were too many requests; try again later. */
  | 'RATE_LIMITED'
  /** The client did not read its subscription fast enough. */
  | 'SLOW_CONSUMER'
  /** A valid token is required. */
  | 'UNAUTHENTICATED'
  /** Something that the request needs is not available now. */
  | 'UNAVAILABLE'
  /** The content type of the request is not supported. */
  | 'UNSUPPORTED_MEDIA_TYPE';

/** Selects events. Absent and null fields do not filter. */
export type EventFilter = {
  /** Only events at or after this time. */
  from?: string | null | undefined;
  /** Only events before this time. */
  to?: string | null | undefined;
  /** Only events of these types. */
  types?: Array<EventType> | null | undefined;
  /** Only events of these users, at most 1000. */
  userIds?: Array<string | number> | null | undefined;
};

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

/** A new user whose keys the server generates. Absent and null fields take their defaults. */
export type ProvisionUserInput = {
  /** Prefixes the peer may use inside the tunnel (AllowedIPs), such as 10.0.0.2/32. */
  allowedIps?: Array<string> | null | undefined;
  /** KB/s in each direction (1 KB = 1024 bytes); 0 means no limit. */
  bandwidthLimit?: number | null | undefined;
  /** Prefixes the client routes into the tunnel. Absent: those of the interface. */
  clientAllowedIps?: Array<string> | null | undefined;
  /** MB, both directions together (1 MB = 1048576 bytes); 0 means no limit. */
  dataLimit?: number | null | undefined;
  /** IP addresses of the DNS servers for the client, at most 8. Absent: those of the interface. */
  dns?: Array<string> | null | undefined;
  /** Whether the user may connect; expiry and quota can still prevent it. */
  enabled?: boolean | null | undefined;
  /** Where the client reaches the server: a host name, an IPv4 address or an IPv6 address in brackets, with or without a port. Absent: that of the interface, otherwise WGQL_ENDPOINT, otherwise the public address of the default route; UNAVAILABLE if there is neither. */
  endpoint?: string | null | undefined;
  /** When the user loses access. Null: never. A past time takes effect immediately. */
  expiresAt?: string | null | undefined;
  /** The WireGuard interface of the user. Absent: the only monitored interface. */
  interface?: string | null | undefined;
  /** Mail address, or empty. */
  mail?: string | null | undefined;
  /** Bytes, from 1280 to 65535. Absent: that of the interface. */
  mtu?: number | null | undefined;
  /** A display name, at most 256 characters. */
  nickname?: string | null | undefined;
  /** A note for operators, at most 256 characters. */
  note?: string | null | undefined;
  /** The name of the person or group the user belongs to, at most 100 characters. A token with the role self and this owner reads the user. Empty or null: none. */
  owner?: string | null | undefined;
  /** Seconds between keepalive packets sent by the server; 0 means off. */
  persistentKeepalive?: number | null | undefined;
  /** Phone number, at most 256 characters. */
  phone?: string | null | undefined;
  /** How often the quota resets. */
  quotaPeriod?: QuotaPeriod | null | undefined;
  /** At most 20 tags of 1 to 50 characters. Tags that differ only in case are one tag. Replaces all tags; null or empty: none. */
  tags?: Array<string> | null | undefined;
};

/** How often a quota resets, by the calendar of the configured time zone. */
export type QuotaPeriod =
  /** Every day at midnight. */
  | 'DAY'
  /** On the first day of every month at midnight. */
  | 'MONTH'
  /** Only on a manual reset. */
  | 'NONE'
  /** Every Monday at midnight. */
  | 'WEEK';

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

/** Defaults of new client configurations. Absent fields stay unchanged; null returns a field to the settings of the server. */
export type UpdateInterfaceInput = {
  /** Prefixes the client routes into the tunnel. */
  allowedIps?: Array<string> | null | undefined;
  /** IP addresses of DNS servers, at most 8. */
  dns?: Array<string> | null | undefined;
  /** A host name, an IPv4 address or an IPv6 address in brackets, with or without a port. */
  endpoint?: string | null | undefined;
  /** Seconds; 0 means off. */
  keepalive?: number | null | undefined;
  /** Bytes, from 1280 to 65535. */
  mtu?: number | null | undefined;
};

/** Changes to a user. Absent fields stay unchanged; null fields are cleared. */
export type UpdateUserInput = {
  /** Prefixes the peer may use inside the tunnel (AllowedIPs), such as 10.0.0.2/32. */
  allowedIps?: Array<string> | null | undefined;
  /** KB/s in each direction (1 KB = 1024 bytes); 0 means no limit. */
  bandwidthLimit?: number | null | undefined;
  /** MB, both directions together (1 MB = 1048576 bytes); 0 means no limit. */
  dataLimit?: number | null | undefined;
  /** Whether the user may connect; expiry and quota can still prevent it. */
  enabled?: boolean | null | undefined;
  /** When the user loses access. Null: never. A past time takes effect immediately. */
  expiresAt?: string | null | undefined;
  /** The WireGuard interface of the user. Absent: the only monitored interface. */
  interface?: string | null | undefined;
  /** Mail address, or empty. */
  mail?: string | null | undefined;
  /** true: wgql controls from now on whether the peer is on its interface; false: wgql stops controlling it. */
  managed?: boolean | null | undefined;
  /** A display name, at most 256 characters. */
  nickname?: string | null | undefined;
  /** A note for operators, at most 256 characters. */
  note?: string | null | undefined;
  /** The name of the person or group the user belongs to, at most 100 characters. A token with the role self and this owner reads the user. Empty or null: none. */
  owner?: string | null | undefined;
  /** Seconds between keepalive packets sent by the server; 0 means off. */
  persistentKeepalive?: number | null | undefined;
  /** Phone number, at most 256 characters. */
  phone?: string | null | undefined;
  /** Base64 of 32 bytes, 44 characters. Stored encrypted and never returned. */
  presharedKey?: string | null | undefined;
  /** How often the quota resets. */
  quotaPeriod?: QuotaPeriod | null | undefined;
  /** At most 20 tags of 1 to 50 characters. Tags that differ only in case are one tag. Replaces all tags; null or empty: none. */
  tags?: Array<string> | null | undefined;
};

/** Changes to a webhook. Absent fields stay unchanged; null fields are cleared. */
export type UpdateWebhookInput = {
  /** The media type of the body, such as text/plain; charset=utf-8. The standard message is always application/json. Null: application/json. */
  contentType?: string | null | undefined;
  /** What the webhook is for, at most 256 characters. */
  description?: string | null | undefined;
  /** Whether messages are sent; cannot be null. */
  enabled?: boolean | null | undefined;
  /** See `userIds`; at most 20 tags. Their case is ignored. */
  tags?: Array<string> | null | undefined;
  /** The body of messages, at most 4000 characters, with placeholders: {{type}}, {{timestamp}}, {{data.id}}, {{data.interface}}, {{data.endpoint}}, {{data.reason}}, {{data.actor}}, {{data.sessionId}}, {{data.user.id}}, {{data.user.publicKey}}, {{data.user.nickname}}. A value that is missing is empty; values are escaped for JSON and forms. Null or empty: the standard message. */
  template?: string | null | undefined;
  /** The types of the events to send. Null: all. */
  types?: Array<EventType> | null | undefined;
  /** Where to send messages; cannot be null. */
  url?: string | null | undefined;
  /** Send only events of these users, at most 1000, and of users with one of the tags. If there are neither, events of all users and interfaces are sent. */
  userIds?: Array<string | number> | null | undefined;
};

/** Selects users. Absent and null fields do not filter. */
export type UserFilter = {
  /** true: only enabled users; false: only disabled users. */
  enabled?: boolean | null | undefined;
  /** Only users whose `enforcement.applied` has this value. */
  enforcement?: EnforcementState | null | undefined;
  /** Only users who lose access at or after this time. */
  expiresAfter?: string | null | undefined;
  /** Only users who lose access before this time, including those who already have. */
  expiresBefore?: string | null | undefined;
  /** Only users of this interface. */
  interface?: string | null | undefined;
  /** true: only managed users; false: only unmanaged users. */
  managed?: boolean | null | undefined;
  /** true: only users who have never been seen, whose `lastSeenAt` is null; false: only the others. */
  neverConnected?: boolean | null | undefined;
  /** true: only users who are online; false: only users who are offline. */
  online?: boolean | null | undefined;
  /** true: only users who have used all of their quota; false: only users who have not, or who have none. */
  overQuota?: boolean | null | undefined;
  /** Only users with exactly this owner. FORBIDDEN for the role viewer, which may not see owners. */
  owner?: string | null | undefined;
  /** Part of the nickname, mail address or public key. Case, Unicode composition and character width are ignored; % and _ are ordinary characters. The mail address is not searched if you may not see it. */
  search?: string | null | undefined;
  /** Only users with this tag; case is ignored. FORBIDDEN for the role viewer, which may not see tags. */
  tag?: string | null | undefined;
};

/** The sort order of users. */
export type UserOrder = {
  /** true: descending order; false or null: ascending order. */
  descending?: boolean | null | undefined;
  /** The field to sort by; users with equal values are sorted by id. */
  field: UserOrderField;
};

/** A field that users can be sorted by. */
export type UserOrderField =
  /** The time of creation. */
  | 'CREATED_AT'
  /** When the user loses access; users who never do come last in ascending order. */
  | 'EXPIRES_AT'
  /** The id. */
  | 'ID'
  /** The last activity; users never seen come first in ascending order. */
  | 'LAST_SEEN'
  /** The nickname, by code points. */
  | 'NICKNAME'
  /** Offline users come first in ascending order. */
  | 'ONLINE'
  /** The share of the quota that is used; users without a quota come first in ascending order. */
  | 'QUOTA_USED'
  /** The transfer rate now, both directions together. */
  | 'RATE'
  /** Bytes since midnight, both directions together. */
  | 'TODAY'
  /** Bytes received since the last reset. */
  | 'TOTAL_RX'
  /** Bytes sent since the last reset. */
  | 'TOTAL_TX';

/** Why a message was sent. */
export type WebhookDeliveryOrigin =
  /** The event was new. */
  | 'LIVE'
  /** repeatWebhookDelivery sent the event again. */
  | 'REPEAT'
  /** replayWebhook sent the event again. */
  | 'REPLAY'
  /** Nothing was sent, because the events had been deleted from the log. */
  | 'SKIPPED'
  /** testWebhook sent a message about no event. */
  | 'TEST';

/** Why a webhook receives nothing. */
export type WebhookDisabledReason =
  /** All attempts to send an event failed. */
  | 'FAILED'
  /** The receiver answered with HTTP 410. */
  | 'GONE'
  /** updateWebhook disabled it. */
  | 'REQUESTED';

export type UserRowFragment = { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } };

export type SetUserEnabledMutationVariables = Exact<{
  id: string | number;
  enabled: boolean;
}>;


export type SetUserEnabledMutation = { setUserEnabled: { user: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } } };

export type UpdateUserMutationVariables = Exact<{
  id: string | number;
  input: UpdateUserInput;
}>;


export type UpdateUserMutation = { updateUser: { user: { mail: string | null, phone: string | null, note: string | null, allowedIps: Array<string> | null, persistentKeepalive: number | null, id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } } };

export type UpdateUsersMutationVariables = Exact<{
  ids: Array<string | number> | string | number;
  input: UpdateUserInput;
}>;


export type UpdateUsersMutation = { updateUsers: { results: Array<{ id: string, user: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } | null, error: { code: ErrorCode, message: string } | null }> } };

export type KickUserMutationVariables = Exact<{
  id: string | number;
}>;


export type KickUserMutation = { kickUser: { user: { id: string } } };

export type ResetTrafficMutationVariables = Exact<{
  id: string | number;
}>;


export type ResetTrafficMutation = { resetTraffic: { user: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } } };

export type DeleteUserMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteUserMutation = { deleteUser: { deletedId: string } };

export type ProvisionUserMutationVariables = Exact<{
  input: ProvisionUserInput;
  minutes?: number | null | undefined;
}>;


export type ProvisionUserMutation = { provisionUser: { configuration: string, qrSvg: string, user: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } }, link: { path: string, expiresAt: string } } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { user: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } } };

export type EventLineFragment = { id: string, type: EventType, at: string, userId: string | null, interface: string | null, endpoint: string | null, reason: string | null, reasons: Array<EventReason>, actor: string | null, user: { id: string, nickname: string } | null };

export type FindUsersQueryVariables = Exact<{
  search: string;
  first: number;
}>;


export type FindUsersQuery = { users: { edges: Array<{ node: { id: string, nickname: string } }> } };

export type UserNameQueryVariables = Exact<{
  id: string | number;
}>;


export type UserNameQuery = { user: { id: string, nickname: string } | null };

export type AuditPageQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  after?: string | null | undefined;
  first: number;
}>;


export type AuditPageQuery = { auditLog: { edges: Array<{ node: { id: string, at: string, actor: string, action: AuditAction, userId: string | null, detail: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UserNamesQueryVariables = Exact<{ [key: string]: never; }>;


export type UserNamesQuery = { users: { edges: Array<{ node: { id: string, nickname: string } }>, pageInfo: { hasNextPage: boolean } } };

export type ActorsQueryVariables = Exact<{ [key: string]: never; }>;


export type ActorsQuery = { tokens: Array<{ id: string, name: string }> };

export type EventPageQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
  first: number;
}>;


export type EventPageQuery = { events: { edges: Array<{ node: { id: string, type: EventType, at: string, userId: string | null, interface: string | null, endpoint: string | null, reason: string | null, reasons: Array<EventReason>, actor: string | null, user: { id: string, nickname: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, status: { lastEventId: string } };

export type OwnUsersQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnUsersQuery = { users: { edges: Array<{ node: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } }> } };

export type TokensQueryVariables = Exact<{ [key: string]: never; }>;


export type TokensQuery = { tokens: Array<{ id: string, name: string, role: Role, owner: string | null, createdAt: string, createdBy: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, allowedFrom: Array<string> | null }> };

export type CreateTokenMutationVariables = Exact<{
  input: CreateTokenInput;
}>;


export type CreateTokenMutation = { createToken: { secret: string, token: { id: string } } };

export type RevokeTokenMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeTokenMutation = { revokeToken: { token: { id: string, revokedAt: string | null } } };

export type LoginsQueryVariables = Exact<{ [key: string]: never; }>;


export type LoginsQuery = { logins: Array<{ id: string, token: string, createdAt: string, expiresAt: string, address: string | null, isCurrent: boolean }> };

export type EndLoginMutationVariables = Exact<{
  id: string | number;
}>;


export type EndLoginMutation = { endLogin: { endedId: string } };

export type InterfacesQueryVariables = Exact<{ [key: string]: never; }>;


export type InterfacesQuery = { status: { interfaces: Array<{ id: string, name: string, up: boolean, listenPort: number | null, publicKey: string | null, addresses: Array<string>, peerCount: number, onlineCount: number, rx: string, tx: string, lastReadAt: string, clientDefaults: { endpoint: string | null, dns: Array<string>, allowedIps: Array<string>, mtu: number | null, keepalive: number } }> } };

export type InterfaceDetailsFragment = { id: string, name: string, up: boolean, listenPort: number | null, publicKey: string | null, addresses: Array<string>, peerCount: number, onlineCount: number, rx: string, tx: string, lastReadAt: string, clientDefaults: { endpoint: string | null, dns: Array<string>, allowedIps: Array<string>, mtu: number | null, keepalive: number } };

export type UpdateInterfaceMutationVariables = Exact<{
  name: string;
  input: UpdateInterfaceInput;
}>;


export type UpdateInterfaceMutation = { updateInterface: { interface: { id: string, name: string, up: boolean, listenPort: number | null, publicKey: string | null, addresses: Array<string>, peerCount: number, onlineCount: number, rx: string, tx: string, lastReadAt: string, clientDefaults: { endpoint: string | null, dns: Array<string>, allowedIps: Array<string>, mtu: number | null, keepalive: number } } } };

export type RetentionSettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type RetentionSettingsQuery = { status: { retention: { quarterHoursDays: number, hoursDays: number, eventsDays: number, sessionsDays: number } } };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhooks: Array<{ id: string, url: string, description: string, types: Array<EventType> | null, userIds: Array<string>, tags: Array<string>, template: string | null, contentType: string, createdAt: string, createdBy: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, failedAttempts: number, failingSince: string | null, nextAttemptAt: string | null, replays: number, previousSecretUntil: string | null }> };

export type WebhookDetailsFragment = { id: string, url: string, description: string, types: Array<EventType> | null, userIds: Array<string>, tags: Array<string>, template: string | null, contentType: string, createdAt: string, createdBy: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, failedAttempts: number, failingSince: string | null, nextAttemptAt: string | null, replays: number, previousSecretUntil: string | null };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string, webhook: { id: string, url: string, description: string, types: Array<EventType> | null, userIds: Array<string>, tags: Array<string>, template: string | null, contentType: string, createdAt: string, createdBy: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, failedAttempts: number, failingSince: string | null, nextAttemptAt: string | null, replays: number, previousSecretUntil: string | null } } };

export type UpdateWebhookMutationVariables = Exact<{
  id: string | number;
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { updateWebhook: { webhook: { id: string, url: string, description: string, types: Array<EventType> | null, userIds: Array<string>, tags: Array<string>, template: string | null, contentType: string, createdAt: string, createdBy: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, failedAttempts: number, failingSince: string | null, nextAttemptAt: string | null, replays: number, previousSecretUntil: string | null } } };

export type DeleteWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { deletedId: string } };

export type RotateWebhookSecretMutationVariables = Exact<{
  id: string | number;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret: { secret: string, webhook: { id: string, previousSecretUntil: string | null } } };

export type TestWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type TestWebhookMutation = { testWebhook: { delivery: { id: string, at: string, type: string, eventId: string | null, attempt: number, origin: WebhookDeliveryOrigin, ok: boolean, statusCode: number | null, durationMs: number, error: string | null } } };

export type ReplayWebhookMutationVariables = Exact<{
  id: string | number;
  after: string | number;
}>;


export type ReplayWebhookMutation = { replayWebhook: { webhook: { id: string, replays: number } } };

export type RepeatWebhookDeliveryMutationVariables = Exact<{
  id: string | number;
}>;


export type RepeatWebhookDeliveryMutation = { repeatWebhookDelivery: { delivery: { id: string, at: string, type: string, eventId: string | null, attempt: number, origin: WebhookDeliveryOrigin, ok: boolean, statusCode: number | null, durationMs: number, error: string | null } } };

export type WebhookDeliveriesQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
  first: number;
}>;


export type WebhookDeliveriesQuery = { webhook: { id: string, deliveries: { edges: Array<{ node: { id: string, at: string, type: string, eventId: string | null, attempt: number, origin: WebhookDeliveryOrigin, ok: boolean, statusCode: number | null, durationMs: number, error: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type DeliveryLineFragment = { id: string, at: string, type: string, eventId: string | null, attempt: number, origin: WebhookDeliveryOrigin, ok: boolean, statusCode: number | null, durationMs: number, error: string | null };

export type UserDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type UserDetailsQuery = { user: { mail: string | null, phone: string | null, note: string | null, allowedIps: Array<string> | null, persistentKeepalive: number | null, createdAt: string, updatedAt: string, id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, session: { id: string, startedAt: string, endpoint: string | null, rx: string, tx: string } | null, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } | null };

export type UserSessionsQueryVariables = Exact<{
  id: string | number;
  from: string;
  to?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type UserSessionsQuery = { sessions: { edges: Array<{ node: { id: string, startedAt: string, endedAt: string | null, lastSeenAt: string, endpoint: string | null, rx: string, tx: string, endReason: EndReason | null } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type UserRoamingQueryVariables = Exact<{
  id: string | number;
  from: string;
  to?: string | null | undefined;
}>;


export type UserRoamingQuery = { events: { edges: Array<{ node: { id: string, at: string, endpoint: string | null } }> } };

export type UserTrailQueryVariables = Exact<{
  id: string | number;
}>;


export type UserTrailQuery = { auditLog: { edges: Array<{ node: { id: string, at: string, actor: string, action: AuditAction, detail: string } }> } };

export type SessionLineFragment = { id: string, startedAt: string, endedAt: string | null, lastSeenAt: string, endpoint: string | null, rx: string, tx: string, endReason: EndReason | null };

export type UserPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: UserFilter | null | undefined;
  orderBy?: UserOrder | null | undefined;
}>;


export type UserPageQuery = { users: { edges: Array<{ node: { id: string, nickname: string, publicKey: string, isOnline: boolean, lastSeenAt: string | null, interface: string | null, enabled: boolean, managed: boolean, endpoint: string | null, owner: string | null, tags: Array<string>, expiresAt: string | null, bandwidthLimit: number, dataLimit: number, totalRx: string, totalTx: string, usage: { today: { rx: string, tx: string }, month: { rx: string, tx: string } }, quota: { used: string, left: string | null, limit: string | null, period: QuotaPeriod, resetsAt: string | null }, enforcement: { applied: EnforcementState, desired: EnforcementState, reason: CutReason | null, lastError: string | null, since: string | null } } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type UserCountQueryVariables = Exact<{
  filter?: UserFilter | null | undefined;
}>;


export type UserCountQuery = { users: { totalCount: number } };

export type GroupsQueryVariables = Exact<{ [key: string]: never; }>;


export type GroupsQuery = { tags: { edges: Array<{ node: { name: string, totalUsers: number } }> }, owners: { edges: Array<{ node: { name: string, totalUsers: number } }> } };

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
export const UserRowFragmentDoc = new TypedDocumentString(`
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}
    `, {"fragmentName":"UserRow"}) as unknown as TypedDocumentString<UserRowFragment, unknown>;
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
export const InterfaceDetailsFragmentDoc = new TypedDocumentString(`
    fragment InterfaceDetails on Interface {
  id
  name
  up
  listenPort
  publicKey
  addresses
  peerCount
  onlineCount
  rx
  tx
  lastReadAt
  clientDefaults {
    endpoint
    dns
    allowedIps
    mtu
    keepalive
  }
}
    `, {"fragmentName":"InterfaceDetails"}) as unknown as TypedDocumentString<InterfaceDetailsFragment, unknown>;
export const WebhookDetailsFragmentDoc = new TypedDocumentString(`
    fragment WebhookDetails on Webhook {
  id
  url
  description
  types
  userIds
  tags
  template
  contentType
  createdAt
  createdBy
  disabledAt
  disabledReason
  failedAttempts
  failingSince
  nextAttemptAt
  replays
  previousSecretUntil
}
    `, {"fragmentName":"WebhookDetails"}) as unknown as TypedDocumentString<WebhookDetailsFragment, unknown>;
export const DeliveryLineFragmentDoc = new TypedDocumentString(`
    fragment DeliveryLine on WebhookDelivery {
  id
  at
  type
  eventId
  attempt
  origin
  ok
  statusCode
  durationMs
  error
}
    `, {"fragmentName":"DeliveryLine"}) as unknown as TypedDocumentString<DeliveryLineFragment, unknown>;
export const SessionLineFragmentDoc = new TypedDocumentString(`
    fragment SessionLine on Session {
  id
  startedAt
  endedAt
  lastSeenAt
  endpoint
  rx
  tx
  endReason
}
    `, {"fragmentName":"SessionLine"}) as unknown as TypedDocumentString<SessionLineFragment, unknown>;
export const SetUserEnabledDocument = new TypedDocumentString(`
    mutation SetUserEnabled($id: ID!, $enabled: Boolean!) {
  setUserEnabled(id: $id, enabled: $enabled) {
    user {
      ...UserRow
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<SetUserEnabledMutation, SetUserEnabledMutationVariables>;
export const UpdateUserDocument = new TypedDocumentString(`
    mutation UpdateUser($id: ID!, $input: UpdateUserInput!) {
  updateUser(id: $id, input: $input) {
    user {
      ...UserRow
      mail
      phone
      note
      allowedIps
      persistentKeepalive
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<UpdateUserMutation, UpdateUserMutationVariables>;
export const UpdateUsersDocument = new TypedDocumentString(`
    mutation UpdateUsers($ids: [ID!]!, $input: UpdateUserInput!) {
  updateUsers(ids: $ids, input: $input) {
    results {
      id
      user {
        ...UserRow
      }
      error {
        code
        message
      }
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<UpdateUsersMutation, UpdateUsersMutationVariables>;
export const KickUserDocument = new TypedDocumentString(`
    mutation KickUser($id: ID!) {
  kickUser(id: $id) {
    user {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<KickUserMutation, KickUserMutationVariables>;
export const ResetTrafficDocument = new TypedDocumentString(`
    mutation ResetTraffic($id: ID!) {
  resetTraffic(id: $id) {
    user {
      ...UserRow
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<ResetTrafficMutation, ResetTrafficMutationVariables>;
export const DeleteUserDocument = new TypedDocumentString(`
    mutation DeleteUser($id: ID!) {
  deleteUser(id: $id) {
    deletedId
  }
}
    `) as unknown as TypedDocumentString<DeleteUserMutation, DeleteUserMutationVariables>;
export const ProvisionUserDocument = new TypedDocumentString(`
    mutation ProvisionUser($input: ProvisionUserInput!, $minutes: Int) {
  provisionUser(input: $input) {
    user {
      ...UserRow
    }
    configuration
    qrSvg
    link(minutes: $minutes) {
      path
      expiresAt
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<ProvisionUserMutation, ProvisionUserMutationVariables>;
export const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user {
      ...UserRow
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<CreateUserMutation, CreateUserMutationVariables>;
export const FindUsersDocument = new TypedDocumentString(`
    query FindUsers($search: String!, $first: Int!) {
  users(first: $first, filter: {search: $search}, orderBy: {field: NICKNAME}) {
    edges {
      node {
        id
        nickname
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FindUsersQuery, FindUsersQueryVariables>;
export const UserNameDocument = new TypedDocumentString(`
    query UserName($id: ID!) {
  user(by: {id: $id}) {
    id
    nickname
  }
}
    `) as unknown as TypedDocumentString<UserNameQuery, UserNameQueryVariables>;
export const AuditPageDocument = new TypedDocumentString(`
    query AuditPage($filter: AuditFilter, $after: String, $first: Int!) {
  auditLog(filter: $filter, after: $after, first: $first, newestFirst: true) {
    edges {
      node {
        id
        at
        actor
        action
        userId
        detail
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditPageQuery, AuditPageQueryVariables>;
export const UserNamesDocument = new TypedDocumentString(`
    query UserNames {
  users(first: 1000) {
    edges {
      node {
        id
        nickname
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<UserNamesQuery, UserNamesQueryVariables>;
export const ActorsDocument = new TypedDocumentString(`
    query Actors {
  tokens {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<ActorsQuery, ActorsQueryVariables>;
export const EventPageDocument = new TypedDocumentString(`
    query EventPage($filter: EventFilter, $after: String, $first: Int!) {
  events(filter: $filter, after: $after, first: $first, newestFirst: true) {
    edges {
      node {
        ...EventLine
      }
    }
    pageInfo {
      hasNextPage
      endCursor
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
}`) as unknown as TypedDocumentString<EventPageQuery, EventPageQueryVariables>;
export const OwnUsersDocument = new TypedDocumentString(`
    query OwnUsers {
  users(first: 100, orderBy: {field: NICKNAME}) {
    edges {
      node {
        ...UserRow
      }
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<OwnUsersQuery, OwnUsersQueryVariables>;
export const TokensDocument = new TypedDocumentString(`
    query Tokens {
  tokens {
    id
    name
    role
    owner
    createdAt
    createdBy
    expiresAt
    lastUsedAt
    revokedAt
    allowedFrom
  }
}
    `) as unknown as TypedDocumentString<TokensQuery, TokensQueryVariables>;
export const CreateTokenDocument = new TypedDocumentString(`
    mutation CreateToken($input: CreateTokenInput!) {
  createToken(input: $input) {
    secret
    token {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CreateTokenMutation, CreateTokenMutationVariables>;
export const RevokeTokenDocument = new TypedDocumentString(`
    mutation RevokeToken($id: ID!) {
  revokeToken(id: $id) {
    token {
      id
      revokedAt
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeTokenMutation, RevokeTokenMutationVariables>;
export const LoginsDocument = new TypedDocumentString(`
    query Logins {
  logins {
    id
    token
    createdAt
    expiresAt
    address
    isCurrent
  }
}
    `) as unknown as TypedDocumentString<LoginsQuery, LoginsQueryVariables>;
export const EndLoginDocument = new TypedDocumentString(`
    mutation EndLogin($id: ID!) {
  endLogin(id: $id) {
    endedId
  }
}
    `) as unknown as TypedDocumentString<EndLoginMutation, EndLoginMutationVariables>;
export const InterfacesDocument = new TypedDocumentString(`
    query Interfaces {
  status {
    interfaces {
      ...InterfaceDetails
    }
  }
}
    fragment InterfaceDetails on Interface {
  id
  name
  up
  listenPort
  publicKey
  addresses
  peerCount
  onlineCount
  rx
  tx
  lastReadAt
  clientDefaults {
    endpoint
    dns
    allowedIps
    mtu
    keepalive
  }
}`) as unknown as TypedDocumentString<InterfacesQuery, InterfacesQueryVariables>;
export const UpdateInterfaceDocument = new TypedDocumentString(`
    mutation UpdateInterface($name: String!, $input: UpdateInterfaceInput!) {
  updateInterface(name: $name, input: $input) {
    interface {
      ...InterfaceDetails
    }
  }
}
    fragment InterfaceDetails on Interface {
  id
  name
  up
  listenPort
  publicKey
  addresses
  peerCount
  onlineCount
  rx
  tx
  lastReadAt
  clientDefaults {
    endpoint
    dns
    allowedIps
    mtu
    keepalive
  }
}`) as unknown as TypedDocumentString<UpdateInterfaceMutation, UpdateInterfaceMutationVariables>;
export const RetentionSettingsDocument = new TypedDocumentString(`
    query RetentionSettings {
  status {
    retention {
      quarterHoursDays
      hoursDays
      eventsDays
      sessionsDays
    }
  }
}
    `) as unknown as TypedDocumentString<RetentionSettingsQuery, RetentionSettingsQueryVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks {
  webhooks {
    ...WebhookDetails
  }
}
    fragment WebhookDetails on Webhook {
  id
  url
  description
  types
  userIds
  tags
  template
  contentType
  createdAt
  createdBy
  disabledAt
  disabledReason
  failedAttempts
  failingSince
  nextAttemptAt
  replays
  previousSecretUntil
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    secret
    webhook {
      ...WebhookDetails
    }
  }
}
    fragment WebhookDetails on Webhook {
  id
  url
  description
  types
  userIds
  tags
  template
  contentType
  createdAt
  createdBy
  disabledAt
  disabledReason
  failedAttempts
  failingSince
  nextAttemptAt
  replays
  previousSecretUntil
}`) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($id: ID!, $input: UpdateWebhookInput!) {
  updateWebhook(id: $id, input: $input) {
    webhook {
      ...WebhookDetails
    }
  }
}
    fragment WebhookDetails on Webhook {
  id
  url
  description
  types
  userIds
  tags
  template
  contentType
  createdAt
  createdBy
  disabledAt
  disabledReason
  failedAttempts
  failingSince
  nextAttemptAt
  replays
  previousSecretUntil
}`) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($id: ID!) {
  deleteWebhook(id: $id) {
    deletedId
  }
}
    `) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($id: ID!) {
  rotateWebhookSecret(id: $id) {
    secret
    webhook {
      id
      previousSecretUntil
    }
  }
}
    `) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const TestWebhookDocument = new TypedDocumentString(`
    mutation TestWebhook($id: ID!) {
  testWebhook(id: $id) {
    delivery {
      ...DeliveryLine
    }
  }
}
    fragment DeliveryLine on WebhookDelivery {
  id
  at
  type
  eventId
  attempt
  origin
  ok
  statusCode
  durationMs
  error
}`) as unknown as TypedDocumentString<TestWebhookMutation, TestWebhookMutationVariables>;
export const ReplayWebhookDocument = new TypedDocumentString(`
    mutation ReplayWebhook($id: ID!, $after: ID!) {
  replayWebhook(id: $id, after: $after) {
    webhook {
      id
      replays
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayWebhookMutation, ReplayWebhookMutationVariables>;
export const RepeatWebhookDeliveryDocument = new TypedDocumentString(`
    mutation RepeatWebhookDelivery($id: ID!) {
  repeatWebhookDelivery(id: $id) {
    delivery {
      ...DeliveryLine
    }
  }
}
    fragment DeliveryLine on WebhookDelivery {
  id
  at
  type
  eventId
  attempt
  origin
  ok
  statusCode
  durationMs
  error
}`) as unknown as TypedDocumentString<RepeatWebhookDeliveryMutation, RepeatWebhookDeliveryMutationVariables>;
export const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($id: ID!, $after: String, $first: Int!) {
  webhook(id: $id) {
    id
    deliveries(first: $first, after: $after, newestFirst: true) {
      edges {
        node {
          ...DeliveryLine
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment DeliveryLine on WebhookDelivery {
  id
  at
  type
  eventId
  attempt
  origin
  ok
  statusCode
  durationMs
  error
}`) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const UserDetailsDocument = new TypedDocumentString(`
    query UserDetails($id: ID!) {
  user(by: {id: $id}) {
    ...UserRow
    mail
    phone
    note
    allowedIps
    persistentKeepalive
    createdAt
    updatedAt
    session {
      id
      startedAt
      endpoint
      rx
      tx
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<UserDetailsQuery, UserDetailsQueryVariables>;
export const UserSessionsDocument = new TypedDocumentString(`
    query UserSessions($id: ID!, $from: DateTime!, $to: DateTime, $after: String) {
  sessions(
    first: 1000
    after: $after
    filter: {userId: $id, from: $from, to: $to}
  ) {
    edges {
      node {
        ...SessionLine
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment SessionLine on Session {
  id
  startedAt
  endedAt
  lastSeenAt
  endpoint
  rx
  tx
  endReason
}`) as unknown as TypedDocumentString<UserSessionsQuery, UserSessionsQueryVariables>;
export const UserRoamingDocument = new TypedDocumentString(`
    query UserRoaming($id: ID!, $from: DateTime!, $to: DateTime) {
  events(
    first: 500
    newestFirst: true
    filter: {userIds: [$id], types: [ENDPOINT_CHANGED], from: $from, to: $to}
  ) {
    edges {
      node {
        id
        at
        endpoint
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UserRoamingQuery, UserRoamingQueryVariables>;
export const UserTrailDocument = new TypedDocumentString(`
    query UserTrail($id: ID!) {
  auditLog(first: 50, newestFirst: true, filter: {userId: $id}) {
    edges {
      node {
        id
        at
        actor
        action
        detail
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UserTrailQuery, UserTrailQueryVariables>;
export const UserPageDocument = new TypedDocumentString(`
    query UserPage($first: Int!, $after: String, $filter: UserFilter, $orderBy: UserOrder) {
  users(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges {
      node {
        ...UserRow
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment UserRow on User {
  id
  nickname
  publicKey
  isOnline
  lastSeenAt
  interface
  enabled
  managed
  endpoint
  owner
  tags
  expiresAt
  bandwidthLimit
  dataLimit
  totalRx
  totalTx
  usage {
    today {
      rx
      tx
    }
    month {
      rx
      tx
    }
  }
  quota {
    used
    left
    limit
    period
    resetsAt
  }
  enforcement {
    applied
    desired
    reason
    lastError
    since
  }
}`) as unknown as TypedDocumentString<UserPageQuery, UserPageQueryVariables>;
export const UserCountDocument = new TypedDocumentString(`
    query UserCount($filter: UserFilter) {
  users(first: 0, filter: $filter) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<UserCountQuery, UserCountQueryVariables>;
export const GroupsDocument = new TypedDocumentString(`
    query Groups {
  tags(first: 200) {
    edges {
      node {
        name
        totalUsers
      }
    }
  }
  owners(first: 200) {
    edges {
      node {
        name
        totalUsers
      }
    }
  }
}
    `) as unknown as TypedDocumentString<GroupsQuery, GroupsQueryVariables>;