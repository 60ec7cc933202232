import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const DIST = new URL('../../dist/', import.meta.url);

describe('the bundle', () => {
  it('is ASCII, so that V8 keeps its source in one byte a character', () => {
    const files = readdirSync(DIST).filter((file) => file.endsWith('.js'));
    expect(files).toContain('main.js');
    const beyond = files.filter((file) => {
      const bytes = readFileSync(new URL(file, DIST));
      return bytes.some((byte) => byte > 127);
    });
    expect(beyond).toEqual([]);
  });
});
