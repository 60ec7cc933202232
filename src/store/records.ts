/** Rows as the rest of the program sees them. */
export type {
  AuditEntry as AuditRecord,
  Counter as CounterRecord,
  Event as EventRecord,
  Session as SessionRecord,
  Token as TokenRecord,
  User as UserRecord,
} from '../generated/prisma/client.ts';

/** One page of a list, in order. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly hasNextPage: boolean;
  /** How many rows the whole list has. */
  readonly totalCount: number;
}
