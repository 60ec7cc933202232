import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { logOut } from '../api/access.ts';
import { useHasRole, useMe } from '../api/me.ts';
import { followStatus, useStatus } from '../live/status.ts';
import { type MessageId, t } from '../text/i18n.ts';
import { count } from '../text/numbers.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Toasts, toast } from '../ui/toasts.tsx';
import { Banners } from './banners.tsx';
import { Logo } from './logo.tsx';
import { Preferences } from './preferences.tsx';

/** The frame of all pages: where one can go, who uses the page, and what is wrong everywhere. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const me = useMe();
  const status = useStatus();
  const isAdmin = useHasRole('ADMIN');
  useEffect(followStatus, []);
  const content = (
    <main className="main" id="main" tabIndex={-1}>
      <div className="content">
        <Banners />
        {children}
        <div className="foot row small muted">
          <Preferences />
          <Account />
        </div>
      </div>
      <Toasts />
    </main>
  );
  // The own page is the only one that its reader may see.
  if (me.role === 'SELF') return content;
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="sidebar">
        <Link className="brand" href="/">
          <Logo />
          wgql
        </Link>
        <nav className="nav" aria-label={t('nav.label')}>
          <NavLink href="/" icon="overview" name="nav.overview" />
          <NavLink href="/users" icon="users" name="nav.users">
            {status === null ? null : (
              <span className="count muted">
                {t('nav.onlineOf', {
                  online: count(status.onlineUsers),
                  total: count(status.totalUsers),
                })}
              </span>
            )}
          </NavLink>
          <NavLink href="/events" icon="events" name="nav.events" />
          {isAdmin ? <NavLink href="/audit" icon="audit" name="nav.audit" /> : null}
          <NavLink href="/settings" icon="settings" name="nav.settings" />
        </nav>
        <div className="sidebar-foot">
          <Preferences />
          <Account />
        </div>
      </header>
      {content}
    </div>
  );
}

/** Who uses the page, and the way out. */
function Account() {
  const me = useMe();
  return (
    <div className="row">
      <span className="truncate">
        {me.name} · {t(`role.${me.role}`)}
      </span>
      {me.isLoggedIn ? (
        <button
          type="button"
          className="plain icon-button"
          aria-label={t('nav.logOut')}
          title={t('nav.logOut')}
          onClick={() => void logOut().catch(() => toast({ text: t('nav.notLoggedOut') }))}
        >
          <Icon name="leave" />
        </button>
      ) : null}
    </div>
  );
}

interface NavLinkProps {
  readonly href: string;
  readonly icon: IconName;
  readonly name: MessageId;
  readonly children?: ReactNode;
}

function NavLink({ href, icon, name, children }: NavLinkProps) {
  const [path] = useLocation();
  const isCurrent = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
  return (
    <Link href={href} aria-current={isCurrent ? 'page' : undefined}>
      <Icon name={icon} />
      {t(name)}
      {children}
    </Link>
  );
}
