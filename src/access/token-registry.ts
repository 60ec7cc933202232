import type { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import { clientBehindAddress } from './client-networks.ts';
import { countFailedTries } from './failed-tries.ts';
import { endable, type Grant, isAllowedFrom, isUsable, keptOrNew, ownGrant } from './grant.ts';
import type { StoredLogin } from './login.ts';
import { createLoginGrants, type LoginGrant } from './login-grants.ts';
import { type Mode, type ModeSettings, modeOf } from './mode.ts';
import type { Principal } from './principal.ts';
import { loginEnded, noToken, tooManyTries, wrongToken } from './refusals.ts';
import { isInForce, isSameDigest, type StoredToken, tokenDigest } from './token.ts';

/** The stored access data. */
export interface StoredAccess {
  /** Whether this database has ever had a token. */
  readonly hadToken: boolean;
  readonly tokens: readonly StoredToken[];
  readonly logins: readonly StoredLogin[];
}

/** A login that would be accepted now. */
export interface LoginInForce extends Pick<StoredLogin, 'id' | 'createdAt' | 'address'> {
  /** The name of its token. */
  readonly token: string;
  /** When it or its token expires. */
  readonly expiresAt: Date;
}

/** The last use of a token. */
export interface TokenUse {
  readonly id: number;
  readonly atMs: number;
}

export interface TokenRegistryOptions extends ModeSettings {
  /** The value of `WGQL_TOKEN`, which has the role admin; null if unset. */
  readonly ownToken: string | null;
  readonly clock: Clock;
}

/** Authenticates clients from memory, without waiting for the database. */
export interface TokenRegistry {
  mode(): Mode;
  /** Whether every client that can reach the server is an administrator. */
  isOpen(): boolean;
  /** Whether any token would be accepted now. */
  hasTokenInForce(): boolean;
  /** Returns the principal for a secret (null if none was sent) and a client address, or the error. */
  authenticate(secret: string | null, address: string): Principal | AppError;
  /**
   * The same for the secret of a login. A wrong one is not counted as a failed attempt: a page that stays open
   * after its login has ended must not use up the attempts of its address, and 256 random bits cannot be guessed.
   */
  authenticateLogin(secret: string, address: string): Principal | AppError;
  /** The logins that would be accepted now, newest first. */
  logins(): LoginInForce[];
  /** Replaces the access data, and ends the grants that it no longer contains. */
  replace(stored: StoredAccess): void;
  /** Returns the tokens used since the last call. */
  drainUses(): TokenUse[];
}

export function createTokenRegistry({
  ownToken,
  clock,
  ...settings
}: TokenRegistryOptions): TokenRegistry {
  const tries = countFailedTries(clock);
  const uses = new Map<number, number>();
  const own = ownToken === null ? [] : [ownGrant(ownToken)];
  let grants = new Map<number, Grant>();
  // A token is required until the stored data is known.
  let mode = modeOf(settings, true);
  let local = endable({ name: 'local', role: 'admin' });
  const logins = createLoginGrants();

  const isUsableNow = (grant: Grant) => isUsable(grant, clock.wallMs());
  const isInTime = ({ endsMs }: LoginGrant) => endsMs > clock.wallMs();
  const noteUse = ({ token }: Grant) => {
    if (token !== null) uses.set(token.id, clock.wallMs());
  };

  const findGrant = (secret: string, client: string): Grant | null => {
    const digest = tokenDigest(secret);
    const held = tries.areUsedUp(client) ? grants.values() : [...own, ...grants.values()];
    // All grants are compared, so that the time taken does not reveal which one matches.
    const [found] = [...held].filter((grant) => isSameDigest(grant.digest, digest));
    return found ?? null;
  };

  return {
    mode: () => mode,
    isOpen: () => mode === 'open',
    hasTokenInForce: () => [...own, ...grants.values()].some(isUsableNow),
    authenticate: (secret, address) => {
      if (mode === 'open') return local.principal;
      if (secret === null) return noToken();
      const client = clientBehindAddress(address);
      const grant = findGrant(secret, client);
      if (grant !== null && isUsableNow(grant) && isAllowedFrom(address, grant)) {
        noteUse(grant);
        return grant.principal;
      }
      const retryAfterSeconds = tries.add(client);
      return retryAfterSeconds === null ? wrongToken() : tooManyTries(retryAfterSeconds);
    },
    authenticateLogin: (secret, address) => {
      if (mode === 'open') return local.principal;
      const found = logins.find(secret);
      if (found === null || !isInTime(found) || !isAllowedFrom(address, found.of)) {
        return loginEnded();
      }
      noteUse(found.of);
      return found.principal;
    },
    logins: () =>
      logins
        .all()
        .filter(isInTime)
        .map(({ login: { id, createdAt, address }, principal, endsMs }) => ({
          ...{ id, createdAt, address },
          token: principal.name,
          expiresAt: new Date(endsMs),
        }))
        .sort((one, other) => other.id - one.id),
    replace: ({ hadToken, tokens, logins: storedLogins }) => {
      const before = grants;
      mode = modeOf(settings, hadToken || ownToken !== null);
      const inForce = tokens.filter((token) => isInForce(token, clock.wallMs()));
      grants = new Map(
        inForce.flatMap((token) => {
          const grant = keptOrNew(before.get(token.id), token);
          return grant === null ? [] : [[token.id, grant] as const];
        }),
      );
      for (const [id, grant] of before) if (grants.get(id) !== grant) grant.end();
      // WGQL_TOKEN comes last, because it is what a stored token with the same secret counts as.
      logins.replace(storedLogins, [...grants.values(), ...own], clock.wallMs());
      if (mode !== 'open') local.end();
      else if (local.principal.ended.aborted) local = endable({ name: 'local', role: 'admin' });
    },
    drainUses: () => {
      const taken = [...uses].map(([id, atMs]) => ({ id, atMs }));
      uses.clear();
      return taken;
    },
  };
}
