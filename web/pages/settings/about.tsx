import { useStatus } from '../../live/status.ts';
import { t } from '../../text/i18n.ts';
import { timeZone } from '../../text/times.ts';

const PROMISES = ['counts', 'limits', 'live', 'safe', 'scope'] as const;

/** Which version runs, and what it promises. */
export function About() {
  const status = useStatus();
  return (
    <section className="card">
      <h2>wgql {status?.version}</h2>
      <ul className="promises prose">
        {PROMISES.map((promise) => (
          <li key={promise}>{t(`about.${promise}`)}</li>
        ))}
      </ul>
      <dl className="facts">
        <dt>{t('about.mode')}</dt>
        <dd>{t(status?.managing === false ? 'about.observes' : 'about.manages')}</dd>
        <dt>{t('about.poll')}</dt>
        <dd>{t('about.seconds', { seconds: status?.pollIntervalSeconds ?? 0 })}</dd>
        <dt>{t('about.timeZone')}</dt>
        <dd>{timeZone()}</dd>
        <dt>{t('about.api')}</dt>
        <dd>
          <a href="/graphql">GraphQL</a>
        </dd>
        <dt>{t('about.licence')}</dt>
        <dd>
          MIT · <a href="/licences.txt">{t('about.licences')}</a>
        </dd>
      </dl>
    </section>
  );
}
