import { type ReactNode, useEffect, useState } from 'react';
import { loadPageTexts, t } from '../text/i18n.ts';
import { Skeleton } from '../ui/states.tsx';

export interface Part<Loaded> {
  /** Loads the part, and the texts of its pages; after a failure it can be called again. */
  readonly load: () => Promise<Loaded>;
  /** What has been loaded; null before. */
  readonly loaded: () => Loaded | null;
}

/** A part of the program that is loaded when it is first needed. */
export function part<Loaded>(load: () => Promise<Loaded>): Part<Loaded> {
  let loaded: Loaded | null = null;
  return {
    loaded: () => loaded,
    load: async () => {
      const [module] = await Promise.all([load(), loadPageTexts()]);
      loaded = module;
      return module;
    },
  };
}

export interface LaterProps<Loaded> {
  readonly part: Part<Loaded>;
  readonly children: (loaded: Loaded) => ReactNode;
}

/** Shows a page of a part. If it cannot be loaded, it says so, and tries again when the browser is online. */
export function Later<Loaded>({ part: { load, loaded }, children }: LaterProps<Loaded>) {
  const [module, setModule] = useState(loaded);
  const [hasFailed, setHasFailed] = useState(false);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try loads once.
  useEffect(() => {
    if (module !== null) return;
    load().then(
      (fresh) => setModule(() => fresh),
      () => setHasFailed(true),
    );
    const again = () => setTries((number) => number + 1);
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [tries]);
  if (module !== null) return children(module);
  if (!hasFailed) return <Skeleton lines={6} />;
  return (
    <div className="banner bad" role="alert">
      <p>{t('state.notLoaded')}</p>
      {/* After an update, the files that this page knows are gone. */}
      <button type="button" onClick={() => location.reload()}>
        {t('action.reload')}
      </button>
    </div>
  );
}
