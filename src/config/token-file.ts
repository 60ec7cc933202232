import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../domain/errors.ts';

/** The name of the credential that a unit of systemd passes with `LoadCredential=token:FILE`. */
const CREDENTIAL = 'token';

/** A token is one short line; a longer file is something else. */
const MAX_BYTES = 4096;

/** Where the token is kept, or null: the configured file, or else the credential of systemd. */
export function tokenFile(configured: string, env: NodeJS.ProcessEnv): string | null {
  if (configured !== '') return configured;
  const folder = env.CREDENTIALS_DIRECTORY;
  if (folder === undefined || folder === '') return null;
  const path = join(folder, CREDENTIAL);
  return existsSync(path) ? path : null;
}

/** The content of the file without the newline at its end, or the problem. */
export function readTokenFile(path: string): string | Text {
  try {
    const content = readFileSync(path);
    return content.length > MAX_BYTES ? TOO_LONG : content.toString('utf8').trim();
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    return {
      en: `cannot be read (${code}); check the path and that wgql may read the file`,
      zh: `无法读取（${code}）；请检查路径以及 wgql 是否有权读取该文件`,
    };
  }
}

const TOO_LONG: Text = {
  en: 'contains more than a token; it must be one line',
  zh: '的内容不只是一个令牌；它必须只有一行',
};
