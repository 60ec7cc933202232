/** Whether the server still accepts this browser. The page asks for a token when it does not. */
const listeners = new Set<() => void>();
let hasAccess = false;
let endings = 0;

export const accessEndings = {
  get: (): number => endings,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** Called when the server has accepted this browser. */
export function accessBegan(): void {
  hasAccess = true;
}

/** Called at each refusal; only the first one after an acceptance ends anything. */
export function accessEnded(): void {
  if (!hasAccess) return;
  hasAccess = false;
  endings += 1;
  for (const listener of listeners) listener();
}

export interface Refusal {
  /** One sentence for people, in the language of the page. */
  readonly message: string;
}

/** Exchanges the token for a login of this browser. Returns why it was refused, or null. */
export async function logIn(token: string): Promise<Refusal | null> {
  const answer = await fetch('/login', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': document.documentElement.lang,
    },
    body: JSON.stringify({ token }),
  });
  return answer.ok ? null : ((await answer.json()) as Refusal);
}

/** Ends the login of this browser. Rejects if the server could not be told, so that the login goes on. */
export async function logOut(): Promise<void> {
  const answer = await fetch('/login', { method: 'DELETE' });
  if (!answer.ok) throw new Error(((await answer.json()) as Refusal).message);
  accessEnded();
}
