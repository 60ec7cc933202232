import { useEffect, useState } from 'react';
import type { TypedDocument } from './document.ts';
import { subscribe } from './socket.ts';

/** The newest value of a subscription; null before the first one. `variables` must stay the same object. */
export function useLive<Result, Variables extends Record<string, unknown>>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
): Result | null {
  const [value, setValue] = useState<Result | null>(null);
  useEffect(
    () => subscribe(document, variables, { onData: (next) => setValue(next) }),
    [document, variables],
  );
  return value;
}
