import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';

const TOKEN = 'just-long-and-odd-enough-to-pass';

function folderWith(content: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'wgql-token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (content !== null) writeFileSync(join(folder, 'token'), content);
  return folder;
}

function problemOf(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ en }) => en).join();
  }
  return '';
}

describe('the file of the token', () => {
  it.each(['', '\n', '\r\n'])('contains the token, and may end with %j', (end) => {
    const folder = folderWith(`${TOKEN}${end}`);
    expect(readConfig({ WGQL_TOKEN_FILE: join(folder, 'token') }).token).toBe(TOKEN);
  });

  it('is the credential that systemd passes, unless another is set', () => {
    const credentials = folderWith(TOKEN);
    const other = folderWith(`another-${TOKEN}`);
    expect(readConfig({ CREDENTIALS_DIRECTORY: credentials }).token).toBe(TOKEN);
    const both = { CREDENTIALS_DIRECTORY: credentials, WGQL_TOKEN_FILE: join(other, 'token') };
    expect(readConfig(both).token).toBe(`another-${TOKEN}`);
    expect(readConfig({ CREDENTIALS_DIRECTORY: folderWith(null) }).token).toBeNull();
  });

  it('must be readable', () => {
    const path = join(folderWith(null), 'token');
    expect(problemOf({ WGQL_TOKEN_FILE: path })).toMatch(
      /^WGQL_TOKEN_FILE cannot be read \(ENOENT\)/,
    );
  });

  it.each([
    ['is empty', ''],
    ['is short', 'short'],
    ['has two lines', `${TOKEN}\n${TOKEN}`],
    ['is something else', 'x y '.repeat(5_000)],
  ])('is refused, and not repeated, if it %s', (_, content) => {
    const problem = problemOf({ WGQL_TOKEN_FILE: join(folderWith(content), 'token') });
    expect(problem).toMatch(/^WGQL_TOKEN_FILE /);
    if (content !== '') expect(problem).not.toContain(content.slice(0, 12));
  });

  it('is refused beside WGQL_TOKEN', () => {
    const file = join(folderWith(TOKEN), 'token');
    expect(problemOf({ WGQL_TOKEN_FILE: file, WGQL_TOKEN: TOKEN })).toContain(
      'together with WGQL_TOKEN',
    );
  });

  it('is not a place for the token itself', () => {
    const problem = problemOf({ WGQL_TOKEN_FILE: 'a'.repeat(64) });
    expect(problem).toContain('must be the path of a file');
  });
});
