import type { Text } from '../domain/errors.ts';

/** The oldest minor versions that work, as in `engines` of package.json. */
const OLDEST_MINOR: Readonly<Record<number, number>> = { 20: 19, 22: 12, 24: 0 };

/** Whether the program is tested on the series of a version such as 24.1.0, or known to work there. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return minor >= (OLDEST_MINOR[major] ?? Number.POSITIVE_INFINITY);
}

/** What to do about a version that is not supported. */
export function unsupported(version: string): Text {
  return {
    en: `Node.js ${version} is not supported; install version 24.`,
    zh: `不支持 Node.js ${version}；请安装版本 24。`,
  };
}
