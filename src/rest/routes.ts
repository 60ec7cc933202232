import { type FieldError, invalidField, invalidFields } from '../domain/errors.ts';
import { dashboard } from '../resolvers/overview/dashboard.ts';
import { status } from '../resolvers/overview/status.ts';
import {
  allLatestSessions,
  allSessions,
  listLatestSessions,
  listSessions,
} from '../resolvers/session.ts';
import { dailyTraffic } from '../resolvers/traffic.ts';
import { createUser, setUserEnabled, updateUser } from '../resolvers/user/mutations.ts';
import { listUsers } from '../resolvers/user/queries.ts';
import { runAction } from './actions.ts';
import { asNumber, asStartTime, asUntilTime } from './coerce.ts';
import { OPERATIONS } from './contract/operations.ts';
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

const described = (id: keyof typeof OPERATIONS) => ({ operation: { id, ...OPERATIONS[id] } });

const reads = (id: keyof typeof OPERATIONS, { role }: Pick<Route, 'role'>) =>
  ({ method: 'GET', changesState: false, role, ...described(id) }) as const;

const changes = (
  id: keyof typeof OPERATIONS,
  { role }: Pick<Route, 'role'>,
  run: Route['run'],
  method: Route['method'] = 'POST',
): Omit<Route, 'path'> => ({ method, changesState: true, role, run, ...described(id) });

const ACTION = '/api/users/:id/:action';
const ACTION_BY_NAME = '/api/users/:id/action';

/** All documented paths. They call the same resolvers as GraphQL. */
export const ROUTES: readonly Route[] = [
  {
    path: '/api/users',
    ...reads('listUsers', listUsers),
    run: async (ctx, { query }) => usersAnswer(ctx, queryList(query), null, writeUsers),
  },
  {
    path: '/api/users/management',
    ...reads('listManagedUsers', listUsers),
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
    path: '/api/events',
    ...reads('listLatestSessions', listLatestSessions),
    run: async (ctx, { query }) => {
      return sessionsAnswer(ctx, queryList(query), {
        page: (page) => listLatestSessions(ctx, page),
        all: () => allLatestSessions(ctx, {}),
      });
    },
  },
  {
    path: '/api/events/history',
    ...reads('listSessions', listSessions),
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
    path: '/api/status',
    ...reads('getStatus', status),
    run: async (ctx, { query }) => ({
      bytes: queryBytes(query),
      body: present.presentStatus(ctx.calendar, await status(ctx, {}), ctx.language),
    }),
  },
  {
    path: '/api/dashboard',
    ...reads('getDashboard', dashboard),
    run: async (ctx, { query }) => ({
      bytes: queryBytes(query),
      body: present.presentDashboard(ctx.calendar, await dashboard(ctx, {})),
    }),
  },
  {
    path: '/api/traffic/chart',
    ...reads('getDailyTraffic', dailyTraffic),
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
  { path: '/api/users', ...changes('createUser', createUser, create) },
  { path: '/api/users/create', ...changes('createUserAtOldPath', createUser, create) },
  { path: '/api/users/:id/update', ...changes('updateUser', updateUser, update) },
  { path: ACTION_BY_NAME, ...changes('getActionOnUserByName', setUserEnabled, action, 'GET') },
  { path: ACTION_BY_NAME, ...changes('actOnUserByName', setUserEnabled, action) },
  { path: ACTION, ...changes('getActionOnUser', setUserEnabled, action, 'GET') },
  { path: ACTION, ...changes('actOnUser', setUserEnabled, action) },
];

function refuse(fields: readonly FieldError[]): void {
  if (fields.length > 0) throw invalidFields(fields);
}
