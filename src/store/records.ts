import type { User } from '../generated/prisma/client.ts';

/** Rows as the rest of the program sees them. */
export type {
  AuditEntry as AuditRecord,
  Event as EventRecord,
  Session as SessionRecord,
  Token as TokenRecord,
} from '../generated/prisma/client.ts';

/** A user without its sealed preshared key, which only what writes to WireGuard needs. */
export type UserRecord = Omit<User, 'presharedKey'>;

/** A user with its sealed preshared key. */
export type SealedUserRecord = User;
