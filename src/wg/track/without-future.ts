import type { TrackerState, UserState } from '../../domain/tracking/tracker-state.ts';

/** Returns the state without session times in the future, for when the wall clock was set back. */
export function withoutFuture(state: TrackerState, wallMs: number): TrackerState {
  const settled = ({ session, previousEndWallMs, ...user }: UserState): UserState => ({
    ...user,
    session: session && {
      startedWallMs: Math.min(session.startedWallMs, wallMs),
      provedWallMs: Math.min(session.provedWallMs, wallMs),
    },
    previousEndWallMs: previousEndWallMs && Math.min(previousEndWallMs, wallMs),
  });
  const users = [...state.users].map(([publicKey, user]) => [publicKey, settled(user)] as const);
  return { ...state, users: new Map(users) };
}
