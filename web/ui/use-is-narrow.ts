import { useSyncExternalStore } from 'react';

/** The same width at which the style sheet turns rows into cards. */
const narrow = matchMedia('(max-width: 56rem)');

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
