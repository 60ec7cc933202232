import type { Text } from '../domain/errors.ts';

/** The oldest minor versions that work, as in `engines` of package.json. */
const OLDEST_MINOR: Readonly<Record<number, number>> = { 20: 19, 22: 12 };

/**
 * Whether the program runs on a version such as 22.12.0. Later series are not supported: since 24.19, the SQLite module
 * ends the process when V8 frees one of its objects (docs/adr/0024).
 */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return minor >= (OLDEST_MINOR[major] ?? Number.POSITIVE_INFINITY);
}

/** What to do about a version that is not supported. */
export function unsupported(version: string): Text {
  return {
    en: `Node.js ${version} is not supported and may end the program at any time; install version 22.`,
    zh: `不支持 Node.js ${version}，程序可能随时退出；请安装版本 22。`,
  };
}
