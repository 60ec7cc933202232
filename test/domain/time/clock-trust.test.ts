import { describe, expect, it } from 'vitest';
import { clockTrust } from '../../../src/domain/time/clock-trust.ts';
import { testClock } from '../../fixtures/test-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const trustedAt = (trustedAtMs: number | null) => ({ trustedAtMs, seenMs: 0 });

describe('a clock by which old records are deleted', () => {
  it('is trusted while it advances as time passes', () => {
    const clock = testClock();
    const trust = clockTrust(clock, trustedAt(clock.wallMs() - HOUR));
    expect(trust.mayDropByAge()).toBe(true);
    clock.advance(40 * DAY);
    expect(trust.mayDropByAge()).toBe(true);
  });

  it('is trusted at the first start', () => {
    expect(clockTrust(testClock(), trustedAt(null)).mayDropByAge()).toBe(true);
  });

  it('is not trusted after a start a year later, until a day was observed to pass', () => {
    const clock = testClock();
    const trust = clockTrust(clock, trustedAt(clock.wallMs() - 365 * DAY));
    expect(trust.mayDropByAge()).toBe(false);
    clock.advance(23 * HOUR);
    expect(trust.mayDropByAge()).toBe(false);
    clock.advance(HOUR);
    expect(trust.mayDropByAge()).toBe(true);
  });

  it('is not trusted over further starts, which add up the observed time', () => {
    const clock = testClock();
    let kept = trustedAt(clock.wallMs() - 365 * DAY);
    for (let start = 0; start < 3; start++) {
      const trust = clockTrust(clock, kept);
      expect(trust.mayDropByAge()).toBe(false);
      clock.advance(7 * HOUR);
      expect(trust.mayDropByAge()).toBe(false);
      kept = trust.record() as typeof kept;
      clock.jump(HOUR);
    }
    const last = clockTrust(clock, kept);
    clock.advance(4 * HOUR);
    expect(last.mayDropByAge()).toBe(true);
  });

  it('is not trusted when it jumps ahead, and trusted when it is corrected', () => {
    const clock = testClock();
    const trust = clockTrust(clock, trustedAt(null));
    clock.jump(2 * DAY);
    expect(trust.mayDropByAge()).toBe(false);
    clock.jump(-2 * DAY);
    expect(trust.mayDropByAge()).toBe(true);
  });
});
