import { t } from '../../text/i18n.ts';
import { Icon } from '../../ui/icon.tsx';

/** A copy of the database, made by the server while it runs. */
export function Backup() {
  return (
    <section className="card">
      <h2>{t('settings.backup')}</h2>
      <p className="prose">{t('backup.explained')}</p>
      <p className="prose">{t('backup.restore')}</p>
      <div>
        <a className="button primary" href="/backup" download>
          <Icon name="download" />
          {t('backup.download')}
        </a>
      </div>
    </section>
  );
}
