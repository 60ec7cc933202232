/** The oldest versions that work, as in `engines` of package.json: features of others are missing. */
const OLDEST_MINOR: Readonly<Record<number, number>> = { 20: 19, 22: 12 };
const NEWEST_OF_THEM = 22;

/** Whether the program runs on a version such as 20.19.0. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEWEST_OF_THEM || minor >= (OLDEST_MINOR[major] ?? Number.POSITIVE_INFINITY);
}
