import { describe, expect, it } from 'vitest';
import { collector } from '../../src/server/metrics/collect.ts';

describe('collected text', () => {
  it.each([0, 5, 1_000_000])('is all that was added, if %i bytes were expected', (expected) => {
    const collected = collector(expected);
    const parts = ['plain', '', '张三 €', '\u{1F600}'.repeat(1_000), 'end'];
    for (const part of parts) collected.add(part);
    expect(collected.bytes().toString()).toBe(parts.join(''));
  });
});
