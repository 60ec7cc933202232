/** `system`: as the browser prefers. */
export type Theme = 'system' | 'light' | 'dark';

const KEPT_AS = 'wgql.theme';

let theme: Theme = 'system';
const listeners = new Set<() => void>();

function apply(next: Theme): void {
  theme = next;
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  for (const listener of listeners) listener();
}

export function applyKeptTheme(): void {
  const kept = localStorage.getItem(KEPT_AS);
  apply(kept === 'light' || kept === 'dark' ? kept : 'system');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => apply(theme));
}

export function chooseTheme(next: Theme): void {
  localStorage.setItem(KEPT_AS, next);
  apply(next);
}

const isDark = () =>
  theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);

/** What is drawn now; for what takes colours from elsewhere than the style sheet. */
export const activeTheme = {
  get: (): 'light' | 'dark' => (isDark() ? 'dark' : 'light'),
  chosen: (): Theme => theme,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
