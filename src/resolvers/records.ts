/** The rows that resolvers answer, for the doors: neither of them knows the store. */
export type { InterfaceOverview } from '../store/overview.ts';
export type {
  AuditRecord,
  EventRecord,
  SessionRecord,
  TokenRecord,
  UserRecord,
} from '../store/records.ts';
export type { ByteCount } from '../store/traffic.ts';
export type { WholeList } from '../store/whole-list.ts';
export type { SessionOfUser } from '../store/whole-sessions.ts';
