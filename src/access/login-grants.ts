import { endable, type Grant } from './grant.ts';
import type { StoredLogin } from './login.ts';
import { isSameDigest, tokenDigest } from './token.ts';

/** The access granted by one login: that of its token, until either of them ends. */
export interface LoginGrant extends Pick<Grant, 'digest' | 'principal' | 'end'> {
  readonly login: StoredLogin;
  /** The grant of its token. */
  readonly of: Grant;
  /** When it or its token expires, in milliseconds since 1970. */
  readonly endsMs: number;
}

/** The logins whose tokens are in force. */
export interface LoginGrants {
  find(secret: string): LoginGrant | null;
  all(): LoginGrant[];
  /** Replaces the logins, and ends the grants of those that are gone, or whose token is. */
  replace(logins: readonly StoredLogin[], tokens: readonly Grant[], nowMs: number): void;
}

export function createLoginGrants(): LoginGrants {
  let grants = new Map<number, LoginGrant>();
  return {
    find: (secret) => {
      const digest = tokenDigest(secret);
      // All are compared, so that the time taken does not reveal which one matches.
      const [found] = [...grants.values()].filter((grant) => isSameDigest(grant.digest, digest));
      return found ?? null;
    },
    all: () => [...grants.values()],
    replace: (logins, tokens, nowMs) => {
      const before = grants;
      const byHash = new Map(tokens.map((grant) => [grant.digest.toString('hex'), grant]));
      grants = new Map(
        logins
          .filter(({ expiresAt }) => expiresAt.getTime() > nowMs)
          .flatMap((login) => {
            const of = byHash.get(login.tokenHash);
            return of === undefined ? [] : [[login.id, keptOrNew(before, login, of)] as const];
          }),
      );
      for (const [id, grant] of before) if (grants.get(id) !== grant) grant.end();
    },
  };
}

function keptOrNew(
  before: ReadonlyMap<number, LoginGrant>,
  login: StoredLogin,
  of: Grant,
): LoginGrant {
  const known = before.get(login.id);
  return known?.of === of && isSame(known.login, login) ? known : grantOf(login, of);
}

function grantOf(login: StoredLogin, of: Grant): LoginGrant {
  const { name, role, owner, expiresAtMs } = of.principal;
  const endsMs = Math.min(login.expiresAt.getTime(), expiresAtMs ?? Number.POSITIVE_INFINITY);
  return {
    login,
    of,
    endsMs,
    digest: Buffer.from(login.hash, 'hex'),
    ...endable({ name, role, owner, expiresAtMs: endsMs, loginId: login.id }),
  };
}

function isSame(one: StoredLogin, other: StoredLogin): boolean {
  return one.hash === other.hash && one.expiresAt.getTime() === other.expiresAt.getTime();
}
