/** The roles. Each includes the rights of the roles before it. The first reads only the users of an owner. */
export const ROLES = ['self', 'viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** An authenticated client, valid as long as its grant: a changed grant gives a new principal. */
export interface Principal {
  /** Written to the audit log: the name of a token, or "local". */
  readonly name: string;
  readonly role: Role;
  /** Whose users a principal with the role `self` reads; null for the other roles. */
  readonly owner: string | null;
  /** When the grant expires, in milliseconds since 1970; null means never. */
  readonly expiresAtMs: number | null;
  /** The login that it was authenticated by; null if by a token itself, or without one. */
  readonly loginId: number | null;
  /** Aborted when the grant ends; its streams end then. */
  readonly ended: AbortSignal;
}

/** Names that tokens cannot have, because the logs use them for other actors. */
export const RESERVED_NAMES = ['local', 'WGQL_TOKEN', 'wgql', 'cli'] as const;

export function includesRole(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
