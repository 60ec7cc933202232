import { setMaxListeners } from 'node:events';
import { isFrom } from './client-networks.ts';
import { type Principal, ROLES } from './principal.ts';
import { isInForce, type StoredToken, tokenDigest } from './token.ts';

/** The access granted by one token. */
export interface Grant {
  /** null for `WGQL_TOKEN`. */
  readonly token: StoredToken | null;
  readonly digest: Buffer;
  readonly networks: readonly string[] | null;
  readonly principal: Principal;
  end(): void;
}

const OWN_NAME = 'WGQL_TOKEN';

/** The grant of `WGQL_TOKEN`. */
export function ownGrant(secret: string): Grant {
  const admin = endable({ name: OWN_NAME, role: 'admin' });
  return { token: null, digest: tokenDigest(secret), networks: null, ...admin };
}

/** Keeps the grant of an unchanged token: a new one would have a new signal and end its streams. */
export function keptOrNew(known: Grant | undefined, token: StoredToken): Grant | null {
  return known !== undefined && isSameGrant(known, token) ? known : grantOf(token);
}

/** Returns null if this version does not know the role, or whose users a token may read. */
function grantOf(token: StoredToken): Grant | null {
  const { name, owner } = token;
  const role = ROLES.find((known) => known === token.role);
  if (role === undefined || (role === 'self') !== (owner !== null)) return null;
  return {
    token,
    digest: Buffer.from(token.hash, 'hex'),
    networks: token.allowedFrom === null ? null : token.allowedFrom.split(','),
    ...endable({ name, role, owner, expiresAtMs: token.expiresAt?.getTime() ?? null }),
  };
}

/** Makes a principal and the function that ends its access. */
export function endable({
  owner = null,
  expiresAtMs = null,
  loginId = null,
  ...known
}: Pick<Principal, 'name' | 'role'> &
  Partial<Pick<Principal, 'owner' | 'expiresAtMs' | 'loginId'>>): Pick<Grant, 'principal' | 'end'> {
  const ending = new AbortController();
  // Every stream of this principal adds a listener.
  setMaxListeners(0, ending.signal);
  return {
    principal: { ...known, owner, expiresAtMs, loginId, ended: ending.signal },
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

export function isUsable({ token }: Grant, nowMs: number): boolean {
  return token === null || isInForce(token, nowMs);
}

export function isAllowedFrom(address: string, { networks }: Grant): boolean {
  return networks === null || isFrom(address, networks);
}
