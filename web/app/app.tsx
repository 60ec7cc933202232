import { useEffect, useState, useSyncExternalStore } from 'react';
import { Provider } from 'urql';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { accessBegan, accessEndings } from '../api/access.ts';
import { codeOf, createApiClient, useData } from '../api/client.ts';
import { MeDocument } from '../api/generated/first/graphql.ts';
import { MeContext } from '../api/me.ts';
import { setStatus, useStatus } from '../live/status.ts';
import Overview from '../pages/overview/overview.tsx';
import { activeLanguage, t } from '../text/i18n.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Secret } from '../ui/secret.tsx';
import { Empty, Problem } from '../ui/states.tsx';
import { Later, part } from './later.tsx';
import { Login } from './login.tsx';
import { Shell } from './shell.tsx';

/** The pages behind the first one, in two parts: one for each page would be many small files. */
const people = part(() => import('../pages/people.ts'));
const records = part(() => import('../pages/records.ts'));

/** When the parts are loaded that no one has asked for yet, so that they are there if the connection is lost. */
const LOAD_REST_MS = 10_000;

/** The page, made again when the language or the access changes, so that nothing of the former is left. */
export function App() {
  const language = useSyncExternalStore(activeLanguage.subscribe, activeLanguage.get);
  const endings = useSyncExternalStore(accessEndings.subscribe, accessEndings.get);
  const [logins, setLogins] = useState(0);
  return (
    <>
      <ErrorBoundary>
        <Session
          key={`${language} ${endings} ${logins}`}
          onLoggedIn={() => setLogins((number) => number + 1)}
        />
      </ErrorBoundary>
      <Secret />
    </>
  );
}

function Session({ onLoggedIn }: { readonly onLoggedIn: () => void }) {
  const [client] = useState(createApiClient);
  return (
    <Provider value={client}>
      <Admission onLoggedIn={onLoggedIn} />
    </Provider>
  );
}

function Admission({ onLoggedIn }: { readonly onLoggedIn: () => void }) {
  const me = useData(MeDocument, {});
  const known = useStatus();
  const [path] = useLocation();
  const isAdmitted = me.data !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read later of the status is older than the live one.
  useEffect(() => {
    if (me.data === undefined) return;
    accessBegan();
    setStatus(me.data.status);
  }, [isAdmitted]);
  useEffect(() => {
    if (!isAdmitted) return;
    const timer = setTimeout(() => {
      for (const { load } of [people, records]) load().catch(() => {});
    }, LOAD_REST_MS);
    return () => clearTimeout(timer);
  }, [isAdmitted]);
  if (me.error !== undefined && !isAdmitted) {
    if (codeOf(me.error) === 'UNAUTHENTICATED') return <Login onDone={onLoggedIn} />;
    return (
      <main className="login">
        <Problem error={me.error} again={me.again} />
      </main>
    );
  }
  if (me.data === undefined || known === null) return null;
  return (
    <MeContext value={me.data.me}>
      <Shell>
        <ErrorBoundary key={path}>
          {me.data.me.role === 'SELF' ? (
            <Later part={people}>{({ Self }) => <Self />}</Later>
          ) : (
            <Pages />
          )}
        </ErrorBoundary>
      </Shell>
    </MeContext>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/" component={Overview} />
      <Route path="/users">
        <Later part={people}>{({ Users }) => <Users />}</Later>
      </Route>
      <Route path="/users/:id">
        {({ id }) => <Later part={people}>{({ User }) => <User key={id} id={id} />}</Later>}
      </Route>
      <Route path="/events">
        <Later part={records}>{({ Events }) => <Events />}</Later>
      </Route>
      <Route path="/audit">
        <Later part={records}>{({ Audit }) => <Audit />}</Later>
      </Route>
      <Route path="/settings">
        <Redirect to="/settings/interfaces" replace />
      </Route>
      <Route path="/settings/:part">
        {({ part: name }) => (
          <Later part={records}>{({ Settings }) => <Settings part={name} />}</Later>
        )}
      </Route>
      <Route>
        <Empty>{t('state.noPage')}</Empty>
      </Route>
    </Switch>
  );
}
