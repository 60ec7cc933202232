import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { databasePath, databaseUrlProblem } from '../../src/config/database-url.ts';

describe('the URL of a database', () => {
  it.each([
    ['file:./data/wgql.db', resolve('data/wgql.db')],
    ['file:wgql.db', resolve('wgql.db')],
    ['file:../a b/wgql 100%.db', resolve('../a b/wgql 100%.db')],
    ['file:/var/lib/wgql/wgql.db', '/var/lib/wgql/wgql.db'],
    ['file:///var/lib/wgql/wgql.db', '/var/lib/wgql/wgql.db'],
    ['file:/var//lib/../wgql.db', '/var/wgql.db'],
  ])('%s is the file %s', (url, path) => {
    expect(databaseUrlProblem(url)).toBeNull();
    expect(databasePath(url)).toBe(path);
  });

  it('is rejected without being repeated', () => {
    const problem = databaseUrlProblem('file:/db?password=abc');
    expect(problem?.en).toContain('must not have parameters');
    expect(JSON.stringify(problem)).not.toContain('abc');
  });
});
