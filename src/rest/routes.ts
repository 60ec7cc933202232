import { type FieldError, invalidField, invalidFields } from '../domain/errors.ts';
import { dashboard } from '../resolvers/dashboard.ts';
import {
  allLatestSessions,
  allSessions,
  listLatestSessions,
  listSessions,
} from '../resolvers/session.ts';
import { status } from '../resolvers/status.ts';
import { dailyTraffic } from '../resolvers/traffic.ts';
import { createUser, setUserEnabled, updateUser } from '../resolvers/user/mutations.ts';
import { listUsers } from '../resolvers/user/queries.ts';
import { runAction } from './actions.ts';
import { asNumber, asStartTime, asUntilTime } from './coerce.ts';
import { ACTION_NAMES, DEFAULT_DAYS, PRESENCE, USER_STATUS } from './contract/parameters.ts';
import { sessionsAnswer, usersAnswer } from './lists/answers.ts';
import { usersWriter } from './lists/user-text.ts';
import * as present from './present.ts';
import { queryBytes, queryChoice, queryList, queryText, readAll } from './query.ts';
import type { Route } from './route.ts';
import { create, update, userId } from './user-body.ts';

const writeUsers = usersWriter(present.presentUser);
const writeManagedUsers = usersWriter(present.presentManagedUser);

const STATUS_FILTERS = {
  all: {},
  online: { online: true },
  offline: { online: false },
  enabled: { enabled: true },
  disabled: { enabled: false },
} as const;

const action: Route['run'] = (ctx, { params, query, body }) => {
  const name = params.action ?? query.action ?? body.fields.action;
  const known = ACTION_NAMES.find((candidate) => candidate === name);
  if (known !== undefined) return runAction(ctx, known, userId(params));
  throw invalidField('action', {
    en: `must be one of ${ACTION_NAMES.join(', ')}`,
    zh: `必须是 ${ACTION_NAMES.join('、')} 之一`,
  });
};

const change = ({ role }: Pick<Route, 'role'>, run: Route['run']) =>
  ({ changesState: true, role, run }) as const;

const actionRoutes = ['/api/users/:id/action', '/api/users/:id/:action'].flatMap((path): Route[] =>
  (['GET', 'POST'] as const).map((method) => ({ method, path, ...change(setUserEnabled, action) })),
);

/** All documented paths. They call the same resolvers as GraphQL. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/users',
    changesState: false,
    role: listUsers.role,
    run: async (ctx, { query }) => usersAnswer(ctx, queryList(query), null, writeUsers),
  },
  {
    method: 'GET',
    path: '/api/users/management',
    changesState: false,
    role: listUsers.role,
    run: async (ctx, { query }) => {
      const { which, list, search } = readAll({
        which: () => queryChoice(query, 'status', USER_STATUS),
        list: () => queryList(query),
        search: () => queryText(query, 'search'),
      });
      const filter = { ...STATUS_FILTERS[which], search };
      return usersAnswer(ctx, list, filter, writeManagedUsers);
    },
  },
  {
    method: 'GET',
    path: '/api/events',
    changesState: false,
    role: listLatestSessions.role,
    run: async (ctx, { query }) => {
      return sessionsAnswer(ctx, queryList(query), {
        page: (page) => listLatestSessions(ctx, page),
        all: () => allLatestSessions(ctx, {}),
      });
    },
  },
  {
    method: 'GET',
    path: '/api/events/history',
    changesState: false,
    role: listSessions.role,
    run: async (ctx, { query }) => {
      const given = readAll({
        userId: () => queryText(query, 'user_id'),
        from: () => asStartTime(queryText(query, 'from'), ctx.calendar) as Date | null,
        to: () => asUntilTime(queryText(query, 'to'), ctx.calendar) as Date | null,
      });
      const { which, list } = readAll({
        which: () => queryChoice(query, 'status', PRESENCE),
        list: () => queryList(query),
        // Includes the problems that only the resolver finds, so that all are reported together.
        filter: () => refuse(allSessions.problems({ filter: given })),
      });
      const filter = { ...given, open: which === 'all' ? null : which === 'online' };
      return sessionsAnswer(ctx, list, {
        page: (page) => listSessions(ctx, { ...page, filter }),
        all: () => allSessions(ctx, { filter }),
      });
    },
  },
  {
    method: 'GET',
    path: '/api/status',
    changesState: false,
    role: status.role,
    run: async (ctx, { query }) => ({
      bytes: queryBytes(query),
      body: present.presentStatus(ctx.calendar, await status(ctx, {}), ctx.language),
    }),
  },
  {
    method: 'GET',
    path: '/api/dashboard',
    changesState: false,
    role: dashboard.role,
    run: async (ctx, { query }) => ({
      bytes: queryBytes(query),
      body: present.presentDashboard(ctx.calendar, await dashboard(ctx, {})),
    }),
  },
  {
    method: 'GET',
    path: '/api/traffic/chart',
    changesState: false,
    role: dailyTraffic.role,
    run: async (ctx, { query }) => {
      const days = asNumber(queryText(query, 'days') ?? DEFAULT_DAYS, ctx.calendar) as number;
      const { bytes } = readAll({
        bytes: () => queryBytes(query),
        days: () => refuse(dailyTraffic.problems({ days })),
      });
      const points = await dailyTraffic(ctx, { days });
      return { bytes, body: points.map((point) => present.presentDay(ctx.calendar, point)) };
    },
  },
  { method: 'POST', path: '/api/users/create', ...change(createUser, create) },
  { method: 'POST', path: '/api/users', ...change(createUser, create) },
  { method: 'POST', path: '/api/users/:id/update', ...change(updateUser, update) },
  ...actionRoutes,
];

function refuse(fields: readonly FieldError[]): void {
  if (fields.length > 0) throw invalidFields(fields);
}
