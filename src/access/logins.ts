import type { Clock } from '../domain/time/clock.ts';
import { LOGIN_MS, type NewLogin } from './login.ts';
import { hashOf, newSecret } from './token.ts';
import type { TokenRefresh } from './token-refresh.ts';
import type { TokenRegistry } from './token-registry.ts';

/** The storage of logins. */
export interface LoginStore {
  /** The oldest login of the same token ends if it has too many. */
  add(login: NewLogin): Promise<void>;
  /** Ends the login of a secret with this hash. Resolves with false if there is none. */
  remove(hash: string): Promise<boolean>;
}

/** A new login and the secret of its cookie, which is not stored. */
export interface MadeLogin {
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Exchanges tokens for logins. */
export interface Logins {
  /**
   * Makes a login with a token that was authenticated, for a client at an address. Resolves with null while no
   * token is required, because a login would grant nothing.
   */
  logIn(token: string, address: string): Promise<MadeLogin | null>;
  /** Ends the login of a secret, if there is one. */
  logOut(secret: string): Promise<void>;
}

export function createLogins({
  registry,
  store,
  refresh,
  clock,
}: {
  readonly registry: Pick<TokenRegistry, 'isOpen'>;
  readonly store: LoginStore;
  readonly refresh: TokenRefresh['refresh'];
  readonly clock: Clock;
}): Logins {
  return {
    logIn: async (token, address) => {
      if (registry.isOpen()) return null;
      const secret = newSecret();
      const createdAt = new Date(clock.wallMs());
      const expiresAt = new Date(createdAt.getTime() + LOGIN_MS);
      await store.add({
        ...{ tokenHash: hashOf(token), hash: hashOf(secret), createdAt, expiresAt },
        address: address === '' ? null : address,
      });
      await refresh();
      return { secret, expiresAt };
    },
    logOut: async (secret) => {
      if (await store.remove(hashOf(secret))) await refresh();
    },
  };
}
