/** Rows as the rest of the program sees them. */
export type {
  AuditEntry as AuditRecord,
  Event as EventRecord,
  Peer as PeerRecord,
  Session as SessionRecord,
  Token as TokenRecord,
  User as UserRecord,
} from '../generated/prisma/client.ts';
