import type { ComponentType } from 'react';
import { Link } from 'wouter';
import type { Role } from '../../api/generated/pages/graphql.ts';
import { useHasRole } from '../../api/me.ts';
import { t } from '../../text/i18n.ts';
import { NoPermission } from '../../ui/no-permission.tsx';
import { Empty } from '../../ui/states.tsx';
import { About } from './about.tsx';
import Logins from './access/logins.tsx';
import Tokens from './access/tokens.tsx';
import { Backup } from './backup.tsx';
import { Interfaces } from './interfaces.tsx';
import { Retention } from './retention.tsx';
import Webhooks from './webhooks/webhooks.tsx';

const PARTS = {
  interfaces: [Interfaces, 'VIEWER'],
  tokens: [Tokens, 'ADMIN'],
  logins: [Logins, 'ADMIN'],
  webhooks: [Webhooks, 'ADMIN'],
  retention: [Retention, 'VIEWER'],
  backup: [Backup, 'ADMIN'],
  about: [About, 'VIEWER'],
} as const satisfies Record<string, readonly [ComponentType, Role]>;

type PartName = keyof typeof PARTS;

/** The parts of the settings, each with an address of its own. */
export default function Settings({ part }: { readonly part: string }) {
  const isAdmin = useHasRole('ADMIN');
  const names = (Object.keys(PARTS) as PartName[]).filter(
    (name) => isAdmin || PARTS[name][1] !== 'ADMIN',
  );
  return (
    <>
      <div className="page-head">
        <h1>{t('nav.settings')}</h1>
      </div>
      <nav className="tabs" aria-label={t('settings.parts')}>
        {names.map((name) => (
          <Link
            key={name}
            className="tab"
            href={`/settings/${name}`}
            aria-current={name === part ? 'page' : undefined}
            ref={name === part ? showLink : undefined}
          >
            {t(`settings.${name}`)}
          </Link>
        ))}
      </nav>
      <Part name={part} isAdmin={isAdmin} />
    </>
  );
}

/** On a narrow screen, the link of the part may be outside of the row. */
const showLink = (link: HTMLAnchorElement | null) =>
  link?.scrollIntoView({ block: 'nearest', inline: 'center' });

function Part({ name, isAdmin }: { readonly name: string; readonly isAdmin: boolean }) {
  if (!Object.hasOwn(PARTS, name)) return <Empty>{t('state.noPage')}</Empty>;
  const [Content, role] = PARTS[name as PartName];
  return role === 'ADMIN' && !isAdmin ? <NoPermission needed="ADMIN" /> : <Content />;
}
