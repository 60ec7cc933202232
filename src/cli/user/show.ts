import type { Calendar } from '../../domain/time/calendar.ts';
import { tableOf } from '../table.ts';
import { rateOf, sizeOf } from './amounts.ts';
import type { ShownUser } from './user.ts';

const COLUMNS = [
  'ID',
  'NAME',
  'STATE',
  'LAST SEEN',
  'TODAY',
  'MONTH',
  'TOTAL',
  'QUOTA',
  'EXPIRES',
  'INTERFACE',
];

/** Formats users as a table, with times in the calendar's zone. */
export function linesOfUsers(users: readonly ShownUser[], calendar: Calendar): string[] {
  const rows = users.map((user) => [
    user.id,
    user.nickname,
    stateOf(user),
    user.isOnline ? 'now' : time(user.lastSeenAt, calendar),
    bothOf(user.usage.today),
    bothOf(user.usage.month),
    bothOf(user.usage.total),
    quotaOf(user),
    time(user.expiresAt, calendar),
    user.interface ?? '-',
  ]);
  return tableOf([COLUMNS, ...rows]);
}

/** Formats one user as a line for each fact. */
export function linesOfUser(user: ShownUser, calendar: Calendar): string[] {
  const { rx, tx } = user.usage.total;
  return tableOf([
    ['Name', user.nickname],
    ['Id', user.id],
    ['Public key', user.publicKey],
    ['State', stateOf(user)],
    ['Interface', user.interface ?? 'none'],
    ['Allowed IPs', user.allowedIps?.join(', ') || '-'],
    ['Endpoint', user.endpoint ?? '-'],
    ['Last seen', user.isOnline ? 'now' : time(user.lastSeenAt, calendar)],
    ['Managed', user.managed ? 'yes' : 'no'],
    ['Today', bothOf(user.usage.today)],
    ['This month', bothOf(user.usage.month)],
    [
      'Total',
      `${bothOf(user.usage.total)} (${sizeOf(BigInt(rx))} received, ${sizeOf(BigInt(tx))} sent)`,
    ],
    ['Quota', quotaOf(user)],
    [
      'Bandwidth',
      user.bandwidthLimit === 0 ? 'unlimited' : `${rateOf(user.bandwidthLimit)} in each direction`,
    ],
    ['Expires', time(user.expiresAt, calendar)],
    ['Owner', user.owner ?? '-'],
    ['Tags', user.tags.join(', ') || '-'],
    ['Mail', user.mail || '-'],
    ['Note', user.note || '-'],
  ]);
}

function stateOf({ isOnline, enabled, enforcement }: ShownUser): string {
  const { desired, applied, reason } = enforcement;
  if (applied === 'MISSING') return 'missing';
  if (desired === 'ABSENT') return reason?.toLowerCase().replaceAll('_', ' ') ?? 'removed';
  if (!enabled) return 'disabled';
  return isOnline ? 'online' : 'offline';
}

function quotaOf({ quota: { limit, used, period } }: ShownUser): string {
  if (limit === null) return 'unlimited';
  const per = period === 'NONE' ? '' : ` a ${period.toLowerCase()}`;
  return `${sizeOf(BigInt(used))} of ${sizeOf(BigInt(limit))}${per}`;
}

function bothOf({ rx, tx }: { readonly rx: string; readonly tx: string }): string {
  return sizeOf(BigInt(rx) + BigInt(tx));
}

function time(at: string | null, calendar: Calendar): string {
  return at === null ? 'never' : calendar.formatTime(new Date(at));
}
