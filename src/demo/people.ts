import { createHash } from 'node:crypto';

/** A peer of the demo whose user has a name and a past. */
export interface Person {
  readonly name: string;
  readonly mail: string;
  readonly note: string;
  /** null for a device without an owner. */
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly interface: 'demo0' | 'demo1';
  readonly publicKey: string;
  readonly address: string;
  /** Hours of the day in which a session begins, and how many begin on most days. */
  readonly hours: readonly [from: number, to: number];
  readonly sessionsADay: number;
  /** Bytes that the server sends in an hour; it receives an eighth of that. */
  readonly bytesAnHour: number;
  readonly limits: PersonLimits;
}

export interface PersonLimits {
  /** MB. */
  readonly dataLimit?: number;
  readonly quotaPeriod?: 'MONTH' | 'DAY';
  /** KB/s. */
  readonly bandwidthLimit?: number;
  /** Days from now; negative is in the past. */
  readonly expiresInDays?: number;
  readonly disabled?: true;
  /** The data limit is what the person has used. */
  readonly usedUp?: true;
  /** Others have removed the peer from the interface. */
  readonly missing?: true;
}

const MB = 1024 * 1024;
const GB = 1024;

type Row = readonly [
  name: string,
  note: string,
  hours: readonly [number, number],
  sessionsADay: number,
  mbAnHour: number,
  limits?: PersonLimits,
];

const AT_HOME: readonly Row[] = [
  ['Ada laptop', 'works from home', [8, 17], 2, 90, { dataLimit: 200 * GB, quotaPeriod: 'MONTH' }],
  ['Ada phone', '', [7, 22], 4, 12],
  ['Bob laptop', 'video calls', [9, 16], 2, 160, { dataLimit: 120 * GB, quotaPeriod: 'MONTH' }],
  ['Bob phone', '', [8, 23], 3, 20],
  ['Bob tablet', '', [19, 22], 1, 240],
  ['Chen Wei', '上海办公室', [1, 10], 2, 60, { dataLimit: 80 * GB, quotaPeriod: 'MONTH' }],
  ['Dora', 'contract ends soon', [8, 15], 1, 30, { expiresInDays: 20 }],
  ['Emil', 'contract has ended', [8, 15], 1, 35, { expiresInDays: -12 }],
  ['Fatima', 'prepaid, used up', [18, 23], 1, 300, { usedUp: true }],
  ['Gustav', 'on parental leave', [9, 15], 1, 25, { disabled: true }],
  ['Hana', 'removed by hand with wg', [9, 17], 1, 40, { missing: true }],
];

const BEHIND: readonly Row[] = [
  ['Warehouse scanner', '10 Mbit/s are enough', [6, 18], 3, 15, { bandwidthLimit: 1221 }],
  ['Backup site', 'copies at night', [1, 3], 1, 900],
  ['Greenhouse sensor', 'reports each hour', [0, 23], 6, 1, { dataLimit: 100, quotaPeriod: 'DAY' }],
];

function personOf(row: Row, index: number, name: Person['interface'], network: string): Person {
  const [nickname, note, hours, sessionsADay, mbAnHour, limits = {}] = row;
  const account = nickname.toLowerCase().replaceAll(' ', '.');
  return {
    name: nickname,
    mail: note === '' ? '' : `${account}@example.org`,
    note,
    owner:
      name === 'demo0' ? (/^(\w+) (laptop|phone|tablet)$/.exec(nickname)?.[1] ?? nickname) : null,
    tags: name === 'demo0' ? ['staff'] : ['site'],
    interface: name,
    publicKey: keyOf(nickname),
    address: `${network}.${index + 2}/32`,
    hours,
    sessionsADay,
    bytesAnHour: mbAnHour * MB,
    limits,
  };
}

/** A key that is the same in each run. */
export function keyOf(name: string): string {
  return createHash('sha256').update(`wgql demo ${name}`).digest('base64');
}

export const NETWORKS = { demo0: '10.99.0', demo1: '10.98.0' } as const;

export const PEOPLE: readonly Person[] = [
  ...AT_HOME.map((row, index) => personOf(row, index, 'demo0', NETWORKS.demo0)),
  ...BEHIND.map((row, index) => personOf(row, index, 'demo1', NETWORKS.demo1)),
];
