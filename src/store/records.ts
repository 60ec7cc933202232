/** Rows as the rest of the program sees them. */
export type {
  AuditEntry as AuditRecord,
  Counter as CounterRecord,
  Event as EventRecord,
  Session as SessionRecord,
  Token as TokenRecord,
  User as UserRecord,
} from '../generated/prisma/client.ts';
