/** What somebody may do; each role may also do what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, for as long as their right to ask lasts: a new right is a new principal. */
export interface Principal {
  /** Written to the audit log: the name of a token, or "local". */
  readonly name: string;
  readonly role: Role;
  /** When the right runs out, in milliseconds since 1970; null is never. */
  readonly expiresAtMs: number | null;
  /** Aborted when the right has ended; streams that rest on it end then. */
  readonly ended: AbortSignal;
}

/** Names that are not given to tokens, since the logs use them for others. */
export const RESERVED_NAMES = ['local', 'WGQL_TOKEN', 'wgql', 'cli'] as const;

export function includesRole(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
