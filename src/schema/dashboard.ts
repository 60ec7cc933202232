import { liveDashboard } from '../resolvers/live/snapshots.ts';
import * as resolve from '../resolvers/overview/dashboard.ts';
import { builder } from './builder.ts';
import { selectedFields } from './selected-fields.ts';
import { latestOf, stream } from './stream.ts';

const Dashboard = builder.objectRef<resolve.Dashboard>('Dashboard').implement({
  description: 'Summary figures of the server.',
  fields: (t) => ({
    totalUsers: t.exposeInt('totalUsers', { description: 'The number of users.' }),
    onlineUsers: t.exposeInt('onlineUsers', {
      description: 'The number of users who are online now.',
    }),
    activeSessions: t.exposeInt('activeSessions', {
      description: 'The number of open sessions; always equal to onlineUsers.',
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
    monthRx: t.expose('monthRx', {
      type: 'BigInt',
      description: 'Bytes received since the start of the month in the configured time zone.',
    }),
    monthTx: t.expose('monthTx', {
      type: 'BigInt',
      description: 'Bytes sent since the start of the month in the configured time zone.',
    }),
    rxBytesPerSecond: t.exposeFloat('rxBytesPerSecond', {
      description:
        'Bytes received per second between the last two polls: the sum of the rates of the users; 0 if unknown.',
    }),
    txBytesPerSecond: t.exposeFloat('txBytesPerSecond', {
      description:
        'Bytes sent per second between the last two polls: the sum of the rates of the users; 0 if unknown.',
    }),
    recordStart: t.expose('recordStart', {
      type: 'DateTime',
      description: 'When recording began in this database.',
    }),
  }),
});

builder.queryField('dashboard', (t) =>
  t.field({
    type: Dashboard,
    description: 'Summary figures of the server.',
    resolve: (_, __, ctx) => resolve.dashboard(ctx, {}),
  }),
);

builder.subscriptionField('dashboard', (t) =>
  t.field({
    type: Dashboard,
    description:
      'Sends the dashboard now, and again whenever one of the numbers that are selected changes.',
    subscribe: (_, __, ctx, info) =>
      stream(ctx, liveDashboard(ctx, { fields: selectedFields(info) })),
    resolve: latestOf,
  }),
);
