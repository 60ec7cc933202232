import * as z from 'zod';
import type { LoginInForce } from '../../access/token-registry.ts';
import { authorize } from '../authorize.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';

export interface Login extends LoginInForce {
  /** It is the one that this request was authenticated by. */
  readonly isCurrent: boolean;
}

/** Returns the logins in force, newest first. */
export const logins = useCase('logins', 'admin', z.object({}), async (ctx): Promise<Login[]> => {
  const { loginId } = authorize(ctx, 'admin');
  return ctx.access.logins().map((login) => ({ ...login, isCurrent: login.id === loginId }));
});

/** Ends a login, its subscriptions and its WebSockets. */
export const endLogin = useCase(
  'endLogin',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<{ readonly endedId: number }> => {
    const { name: actor } = authorize(ctx, 'admin');
    const at = new Date(ctx.clock.wallMs());
    await ctx.store.logins.end(id, { actor, action: 'endLogin', at });
    await ctx.access.refresh();
    return { endedId: id };
  },
);
