import * as z from 'zod';
import type { Role } from '../../access/principal.ts';
import { authorize } from '../authorize.ts';
import { useCase } from '../use-case.ts';

/** The client itself, as it is authenticated. */
export interface Me {
  /** The name of its token, or "local". */
  readonly name: string;
  readonly role: Role;
  /** Whose users it reads; null for any role but `self`. */
  readonly owner: string | null;
  /** When its access expires; null means never. */
  readonly expiresAt: Date | null;
  /** It was authenticated by a login. */
  readonly isLoggedIn: boolean;
}

export const me = useCase('me', 'self', z.object({}), async (ctx): Promise<Me> => {
  const { name, role, owner, expiresAtMs, loginId } = authorize(ctx, 'self');
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs);
  return { name, role, owner, expiresAt, isLoggedIn: loginId !== null };
});
