import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { failureLog } from '../../src/process/failure-log.ts';
import { createLog } from '../../src/process/log.ts';

const HOUR_MS = 3_600_000;

function startLog() {
  const lines: string[] = [];
  let nowMs = 0;
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  return {
    fail: failureLog(createLog(log, 'en'), { monotonicMs: () => nowMs }),
    advance: (ms: number) => {
      nowMs += ms;
    },
    entries: () => lines.map((line) => JSON.parse(line)),
  };
}

function full(): AppError {
  const driver = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const cause = new Error('Invalid call in\n  a file\ndatabase or disk is full', { cause: driver });
  return new AppError('UNAVAILABLE', { en: 'The disk is full.', zh: '磁盘已满。' }, [], { cause });
}

describe('the log of failures', () => {
  it('has a known failure once an hour, as a warning with its message and cause', () => {
    const { fail, advance, entries } = startLog();
    for (let n = 0; n < 10; n++) fail(full());
    advance(HOUR_MS - 1);
    fail(full());
    expect(entries()).toMatchObject([
      {
        level: 40,
        msg: 'The disk is full.',
        code: 'SQLITE_FULL',
        reason: 'database or disk is full',
      },
    ]);
    expect(entries()[0].err).toBeUndefined();
    advance(1);
    fail(full());
    expect(entries()).toHaveLength(2);
  });

  it('has each kind of failure', () => {
    const { fail, entries } = startLog();
    fail(full());
    fail(new AppError('UNAVAILABLE', { en: 'Damaged.', zh: '已损坏。' }, [], { cause: 'x' }));
    expect(entries().map(({ msg }) => msg)).toEqual(['The disk is full.', 'Damaged.']);
  });

  it('has an unknown failure completely, each time', () => {
    const { fail, entries } = startLog();
    for (let n = 0; n < 2; n++) fail(new TypeError('x is not a function'));
    expect(entries()).toHaveLength(2);
    expect(entries()[0]).toMatchObject({ level: 50, msg: 'An unexpected failure occurred.' });
    expect(entries()[0].err.stack).toContain('failure-log.test');
  });
});
