import { useSyncExternalStore } from 'react';
import { activeLanguage, chooseLanguage, t } from '../text/i18n.ts';
import { Segments } from '../ui/segments.tsx';
import { activeTheme, chooseTheme } from '../ui/theme.ts';

/** The language and the colours, which this browser keeps. */
export function Preferences() {
  const theme = useSyncExternalStore(activeTheme.subscribe, activeTheme.chosen);
  return (
    <div className="row">
      <Segments
        label={t('preferences.language')}
        value={activeLanguage.get()}
        options={[
          ['en', 'EN'],
          ['zh', '中文'],
        ]}
        onChange={(language) => void chooseLanguage(language)}
      />
      <Segments
        label={t('preferences.theme')}
        value={theme}
        options={[
          ['system', t('preferences.theme.system')],
          ['light', t('preferences.theme.light')],
          ['dark', t('preferences.theme.dark')],
        ]}
        onChange={chooseTheme}
      />
    </div>
  );
}
