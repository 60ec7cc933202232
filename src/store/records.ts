import type { User } from '../generated/prisma/client.ts';

/** Rows as the rest of the program sees them. */
export type {
  AuditEntry as AuditRecord,
  Event as EventRecord,
  Session as SessionRecord,
  Token as TokenRecord,
} from '../generated/prisma/client.ts';

/** The open quarter hour, which is a part of the user's traffic. */
type OpenQuarter = 'quarter' | 'quarterRx' | 'quarterTx';

/** A user without its sealed preshared key, which only what writes to WireGuard needs. */
export type UserRecord = Omit<SealedUserRecord, 'presharedKey'>;

/** A user with its sealed preshared key. */
export type SealedUserRecord = Omit<User, OpenQuarter>;
