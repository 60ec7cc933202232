import * as resolve from '../resolvers/dashboard.ts';
import { liveDashboard } from '../resolvers/live/snapshots.ts';
import { builder } from './builder.ts';
import { latestOf, stream } from './stream.ts';

const Dashboard = builder.objectRef<resolve.Dashboard>('Dashboard').implement({
  description: 'Counts and sums at a glance.',
  fields: (t) => ({
    totalUsers: t.exposeInt('totalUsers', { description: 'All users.' }),
    onlineUsers: t.exposeInt('onlineUsers', { description: 'Users that are online now.' }),
    activeSessions: t.exposeInt('activeSessions', {
      description: 'Open sessions; always equal to onlineUsers.',
    }),
    totalRx: t.expose('totalRx', {
      type: 'BigInt',
      description: "Bytes received: the sum of the users' totals.",
    }),
    totalTx: t.expose('totalTx', {
      type: 'BigInt',
      description: "Bytes sent: the sum of the users' totals.",
    }),
    todayRx: t.expose('todayRx', {
      type: 'BigInt',
      description: 'Bytes received since midnight in the configured time zone.',
    }),
    todayTx: t.expose('todayTx', {
      type: 'BigInt',
      description: 'Bytes sent since midnight in the configured time zone.',
    }),
    recordStart: t.expose('recordStart', {
      type: 'DateTime',
      description: "When this database's record begins.",
    }),
  }),
});

builder.queryField('dashboard', (t) =>
  t.field({
    type: Dashboard,
    description: 'Counts and sums at a glance.',
    resolve: (_, __, ctx) => resolve.dashboard(ctx, {}),
  }),
);

builder.subscriptionField('dashboard', (t) =>
  t.field({
    type: Dashboard,
    description: 'The dashboard now, then again whenever a number on it has changed.',
    subscribe: (_, __, ctx) => stream(ctx, liveDashboard(ctx, {})),
    resolve: latestOf,
  }),
);
