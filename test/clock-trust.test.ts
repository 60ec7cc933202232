import { describe, expect, it } from 'vitest';
import { clockTrust } from '../src/clock-trust.ts';
import { testClock } from './support/fake-wireguard.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a clock by which old records are dropped', () => {
  it('is believed while it goes on as time does', () => {
    const clock = testClock();
    const trust = clockTrust(clock, clock.wallMs() - HOUR);
    expect(trust.mayDropByAge()).toBe(true);
    clock.advance(40 * DAY);
    expect(trust.mayDropByAge()).toBe(true);
  });

  it('is doubted for a day after a start a year later', () => {
    const clock = testClock();
    const trust = clockTrust(clock, clock.wallMs() - 365 * DAY);
    expect(trust.mayDropByAge()).toBe(false);
    clock.advance(23 * HOUR);
    expect(trust.mayDropByAge()).toBe(false);
    clock.advance(HOUR);
    expect(trust.mayDropByAge()).toBe(true);
  });

  it('is doubted when it jumps ahead', () => {
    const clock = testClock();
    const trust = clockTrust(clock, null);
    clock.jump(2 * DAY);
    expect(trust.mayDropByAge()).toBe(false);
  });

  it('is known to have been set back, once', () => {
    const clock = testClock();
    const trust = clockTrust(clock, clock.wallMs() + DAY);
    expect(trust.wasSetBack()).toBe(true);
    expect(trust.wasSetBack()).toBe(false);
    clock.jump(-HOUR);
    expect(trust.mayDropByAge()).toBe(true);
    expect(trust.wasSetBack()).toBe(true);
  });
});
