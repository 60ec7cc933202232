import { createContext, useContext } from 'react';
import type { MeQuery, Role } from './generated/first/graphql.ts';

export type Me = MeQuery['me'];

/** Who uses the page. */
export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('There is no access yet.');
  return me;
}

const ORDER: readonly Role[] = ['SELF', 'VIEWER', 'OPERATOR', 'ADMIN'];

/** Whether the role includes another one. What it cannot do is not shown; the server refuses it all the same. */
export function useHasRole(needed: Role): boolean {
  return ORDER.indexOf(useMe().role) >= ORDER.indexOf(needed);
}
