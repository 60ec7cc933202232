import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isTimeZone } from '../domain/time/calendar.ts';

/** Access to the time zone files of the system; each function returns null if there is no such file. */
export interface ZoneFiles {
  /** The path with all symbolic links resolved. */
  realPath(path: string): string | null;
  read(path: string): Buffer | null;
  /** The names of all files in the folder and its subfolders. */
  list(folder: string): readonly string[] | null;
}

const ZONES = '/usr/share/zoneinfo';
const LOCAL_TIME = '/etc/localtime';

/**
 * Returns the IANA zone of the system in the same way as the C library: from `TZ`, which may name a zone or
 * a file, otherwise from /etc/localtime. Returns null if it is not an IANA zone, such as `TZ=CST-8`.
 *
 * @param tz the variable TZ; undefined if unset
 */
export function systemTimeZone(tz: string | undefined, files: ZoneFiles): string | null {
  if (tz === undefined) return zoneOfFile(LOCAL_TIME, files) ?? zoneOfDebian(files);
  const name = tz.replace(/^:/, '');
  if (name === '') return 'UTC';
  return name.startsWith('/') ? zoneOfFile(name, files) : zoneOf(name);
}

/** Returns the zone of a file. Without /etc/localtime, the system uses UTC. */
function zoneOfFile(path: string, files: ZoneFiles): string | null {
  const real = files.realPath(path);
  if (real === null) return path === LOCAL_TIME ? 'UTC' : null;
  const [, name] = /\/zoneinfo\/(.+)$/.exec(real) ?? [];
  if (name !== undefined) return zoneOf(name);
  return (path === LOCAL_TIME ? zoneOfDebian(files) : null) ?? zoneOfCopy(real, files);
}

/** If /etc/localtime is a copy instead of a link, Debian stores the zone name in /etc/timezone. */
function zoneOfDebian(files: ZoneFiles): string | null {
  const name = files.read('/etc/timezone')?.toString('utf8').trim();
  return name === undefined ? null : zoneOf(name);
}

/** On other systems, the zone of a copy is found by comparing the contents. */
function zoneOfCopy(path: string, files: ZoneFiles): string | null {
  const content = files.read(path);
  if (content === null) return null;
  for (const name of files.list(ZONES) ?? []) {
    const zone = zoneOf(name);
    if (zone !== null && files.read(join(ZONES, name))?.equals(content)) return zone;
  }
  return null;
}

/** `posix/…` and `right/…` contain the same zones, the latter with leap seconds. */
function zoneOf(name: string): string | null {
  const plain = name.replace(/^(posix|right)\//, '');
  // Offsets such as +08:00 and POSIX rules such as CST-8 are not names.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(plain) || !isTimeZone(plain)) return null;
  return new Intl.DateTimeFormat('en', { timeZone: plain }).resolvedOptions().timeZone;
}

/** The files of this machine. */
export const systemZoneFiles: ZoneFiles = {
  realPath: (path) => orNull(() => realpathSync(path)),
  read: (path) => orNull(() => readFileSync(path)),
  list: (folder) => orNull(() => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()),
};

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
