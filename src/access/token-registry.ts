import { setMaxListeners } from 'node:events';
import type { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import { clientBehindAddress, isFrom } from './client-networks.ts';
import { countFailedTries } from './failed-tries.ts';
import { type Mode, type ModeSettings, modeOf } from './mode.ts';
import { type Principal, ROLES, type Role } from './principal.ts';
import { noToken, tooManyTries, wrongToken } from './refusals.ts';
import { isInForce, isSameDigest, type StoredToken, tokenDigest } from './token.ts';

/** The stored access data. */
export interface StoredAccess {
  /** Whether this database has ever had a token. */
  readonly hadToken: boolean;
  readonly tokens: readonly StoredToken[];
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
  /** Replaces the access data, and ends the grants that it no longer contains. */
  replace(stored: StoredAccess): void;
  /** Returns the tokens used since the last call. */
  drainUses(): TokenUse[];
}

/** The access granted by one token. */
interface Grant {
  /** null for `WGQL_TOKEN`. */
  readonly token: StoredToken | null;
  readonly digest: Buffer;
  readonly networks: readonly string[] | null;
  readonly principal: Principal;
  end(): void;
}

const OWN_NAME = 'WGQL_TOKEN';

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
  let local = principalNamed('local', 'admin');

  const isUsable = ({ token }: Grant) => token === null || isInForce(token, clock.wallMs());

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
    hasTokenInForce: () => [...own, ...grants.values()].some(isUsable),
    authenticate: (secret, address) => {
      if (mode === 'open') return local.principal;
      if (secret === null) return noToken();
      const client = clientBehindAddress(address);
      const grant = findGrant(secret, client);
      if (grant !== null && isUsable(grant) && isAllowedFrom(address, grant)) {
        if (grant.token !== null) uses.set(grant.token.id, clock.wallMs());
        return grant.principal;
      }
      const retryAfterSeconds = tries.add(client);
      return retryAfterSeconds === null ? wrongToken() : tooManyTries(retryAfterSeconds);
    },
    replace: ({ hadToken, tokens }) => {
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
      if (mode !== 'open') local.end();
      else if (local.principal.ended.aborted) local = principalNamed('local', 'admin');
    },
    drainUses: () => {
      const taken = [...uses].map(([id, atMs]) => ({ id, atMs }));
      uses.clear();
      return taken;
    },
  };
}

function ownGrant(secret: string): Grant {
  const named = principalNamed(OWN_NAME, 'admin');
  return { token: null, digest: tokenDigest(secret), networks: null, ...named };
}

/** Keeps the grant of an unchanged token: a new one would have a new signal and end its streams. */
function keptOrNew(known: Grant | undefined, token: StoredToken): Grant | null {
  return known !== undefined && isSameGrant(known, token) ? known : grantOf(token);
}

/** Returns null if this version does not know the role, or whose users a token may read. */
function grantOf(token: StoredToken): Grant | null {
  const role = ROLES.find((known) => known === token.role);
  if (role === undefined || (role === 'self') !== (token.owner !== null)) return null;
  return {
    token,
    digest: Buffer.from(token.hash, 'hex'),
    networks: token.allowedFrom === null ? null : token.allowedFrom.split(','),
    ...principalNamed(token.name, role, token.owner, token.expiresAt?.getTime()),
  };
}

function principalNamed(
  name: string,
  role: Role,
  owner: string | null = null,
  expiresAtMs: number | null = null,
): Pick<Grant, 'principal' | 'end'> {
  const ending = new AbortController();
  // Every stream of this principal adds a listener.
  setMaxListeners(0, ending.signal);
  return {
    principal: { name, role, owner, expiresAtMs, ended: ending.signal },
    end: () => ending.abort(),
  };
}

function isSameGrant({ token }: Grant, stored: StoredToken): boolean {
  return (
    token !== null &&
    (['name', 'role', 'hash', 'allowedFrom', 'owner'] as const).every(
      (key) => token[key] === stored[key],
    ) &&
    token.expiresAt?.getTime() === stored.expiresAt?.getTime()
  );
}

function isAllowedFrom(address: string, { networks }: Grant): boolean {
  return networks === null || isFrom(address, networks);
}
