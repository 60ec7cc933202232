import { setMaxListeners } from 'node:events';
import type { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import { clientBehindAddress, isFrom } from './client-networks.ts';
import { countFailedTries } from './failed-tries.ts';
import { type Mode, type ModeSettings, modeOf } from './mode.ts';
import { type Principal, ROLES, type Role } from './principal.ts';
import { noToken, tooManyTries, wrongToken } from './refusals.ts';
import { isInForce, isSameDigest, type StoredToken, tokenDigest } from './token.ts';

/** What is kept about access. */
export interface StoredAccess {
  /** This database had a token once, in force or not. */
  readonly hadToken: boolean;
  readonly tokens: readonly StoredToken[];
}

/** When a token was used last. */
export interface TokenUse {
  readonly id: number;
  readonly atMs: number;
}

export interface AccessBookOptions extends ModeSettings {
  /** `WGQL_TOKEN`, an administrator's; null is none. */
  readonly ownToken: string | null;
  readonly clock: Clock;
}

/** Who may come in, in memory: nothing that is asked of it waits. */
export interface TokenRegistry {
  mode(): Mode;
  /** Everybody who reaches the server is its administrator. */
  isOpen(): boolean;
  /** Whether some token would let its holder in now. */
  hasTokenInForce(): boolean;
  /** Who holds this secret (null: none was brought), coming from this address; or why nobody does. */
  authenticate(secret: string | null, address: string): Principal | AppError;
  /** Takes over what is kept now, and ends the rights that are not in it any more. */
  adopt(stored: StoredAccess): void;
  /** The tokens used since the last call. */
  drainUses(): TokenUse[];
}

/** A right that somebody may hold. */
interface Grant {
  /** null is `WGQL_TOKEN`. */
  readonly token: StoredToken | null;
  readonly digest: Buffer;
  readonly networks: readonly string[] | null;
  readonly principal: Principal;
  end(): void;
}

const OWN_NAME = 'WGQL_TOKEN';

export function createAccessBook({
  ownToken,
  clock,
  ...settings
}: AccessBookOptions): TokenRegistry {
  const tries = countFailedTries(clock);
  const uses = new Map<number, number>();
  const own = ownToken === null ? [] : [ownRight(ownToken)];
  let rights = new Map<number, Grant>();
  // Closed until what is kept is known.
  let mode = modeOf(settings, true);
  let local = principalNamed('local', 'admin');

  const isUsable = ({ token }: Grant) => token === null || isInForce(token, clock.wallMs());

  const holderOf = (secret: string, client: string): Grant | null => {
    const digest = tokenDigest(secret);
    const held = tries.areUsedUp(client) ? rights.values() : [...own, ...rights.values()];
    // All are compared, so that the time it takes does not tell which one is nearest.
    const [found] = [...held].filter((right) => isSameDigest(right.digest, digest));
    return found ?? null;
  };

  return {
    mode: () => mode,
    isOpen: () => mode === 'open',
    hasTokenInForce: () => [...own, ...rights.values()].some(isUsable),
    authenticate: (secret, address) => {
      if (mode === 'open') return local.principal;
      if (secret === null) return noToken();
      const client = clientBehindAddress(address);
      const right = holderOf(secret, client);
      if (right !== null && isUsable(right) && isAllowedFrom(address, right)) {
        if (right.token !== null) uses.set(right.token.id, clock.wallMs());
        return right.principal;
      }
      const retryAfterSeconds = tries.add(client);
      return retryAfterSeconds === null ? wrongToken() : tooManyTries(retryAfterSeconds);
    },
    adopt: ({ hadToken, tokens }) => {
      const before = rights;
      mode = modeOf(settings, hadToken || ownToken !== null);
      const inForce = tokens.filter((token) => isInForce(token, clock.wallMs()));
      rights = new Map(
        inForce.flatMap((token) => {
          const right = keptOrNew(before.get(token.id), token);
          return right === null ? [] : [[token.id, right] as const];
        }),
      );
      for (const [id, right] of before) if (rights.get(id) !== right) right.end();
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

function ownRight(secret: string): Grant {
  const named = principalNamed(OWN_NAME, 'admin');
  return { token: null, digest: tokenDigest(secret), networks: null, ...named };
}

/** A right that goes on keeps its signal, or its streams would end. */
function keptOrNew(known: Grant | undefined, token: StoredToken): Grant | null {
  return known !== undefined && isSameRight(known, token) ? known : rightOf(token);
}

/** null for a role that this version does not know. */
function rightOf(token: StoredToken): Grant | null {
  const role = ROLES.find((known) => known === token.role);
  if (role === undefined) return null;
  return {
    token,
    digest: Buffer.from(token.hash, 'hex'),
    networks: token.allowedFrom === null ? null : token.allowedFrom.split(','),
    ...principalNamed(token.name, role, token.expiresAt?.getTime()),
  };
}

function principalNamed(
  name: string,
  role: Role,
  expiresAtMs: number | null = null,
): Pick<Grant, 'principal' | 'end'> {
  const ending = new AbortController();
  // Every stream of this principal listens.
  setMaxListeners(0, ending.signal);
  return {
    principal: { name, role, expiresAtMs, ended: ending.signal },
    end: () => ending.abort(),
  };
}

function isSameRight({ token }: Grant, stored: StoredToken): boolean {
  return (
    token !== null &&
    (['name', 'role', 'hash', 'allowedFrom'] as const).every((key) => token[key] === stored[key]) &&
    token.expiresAt?.getTime() === stored.expiresAt?.getTime()
  );
}

function isAllowedFrom(address: string, { networks }: Grant): boolean {
  return networks === null || isFrom(address, networks);
}
