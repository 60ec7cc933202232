/** The rows that resolvers answer, for the doors: neither of them knows the store. */

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
export type { ByteCount } from '../store/traffic.ts';
