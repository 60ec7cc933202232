/** The record types that resolvers return, re-exported for the APIs, which must not import the store. */

export type { ByteCount } from '../domain/bytes.ts';
export type { CurrentUser } from '../store/current/users.ts';
export type { WholeList } from '../store/lists/whole-list.ts';
export type { SessionOfUser } from '../store/lists/whole-sessions.ts';
export type { InterfaceOverview } from '../store/overview.ts';
export type {
  AuditRecord,
  EventRecord,
  SessionRecord,
  TokenRecord,
  UserRecord,
} from '../store/records.ts';
export type { WebhookRecord } from '../store/webhook/records.ts';
