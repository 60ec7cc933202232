import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isTimeZone } from '../domain/time/calendar.ts';

/** What the system knows of its time zone; each answers null where there is no such file. */
export interface ZoneFiles {
  /** The path behind symbolic links. */
  realPath(path: string): string | null;
  read(path: string): Buffer | null;
  /** The names of all files in the folder and below it. */
  list(folder: string): readonly string[] | null;
}

const ZONES = '/usr/share/zoneinfo';
const LOCAL_TIME = '/etc/localtime';

/**
 * The IANA zone of the system, found as the C library finds it: in `TZ`, which may name a zone or a file,
 * else behind /etc/localtime. null where it is no zone with such a name, as with `TZ=CST-8`.
 *
 * @param tz the variable TZ; undefined is not set
 */
export function systemTimeZone(tz: string | undefined, files: ZoneFiles): string | null {
  if (tz === undefined) return zoneOfFile(LOCAL_TIME, files) ?? zoneOfDebian(files);
  const name = tz.replace(/^:/, '');
  if (name === '') return 'UTC';
  return name.startsWith('/') ? zoneOfFile(name, files) : zoneOf(name);
}

/** A machine without the file has the clock of UTC. */
function zoneOfFile(path: string, files: ZoneFiles): string | null {
  const real = files.realPath(path);
  if (real === null) return path === LOCAL_TIME ? 'UTC' : null;
  const [, name] = /\/zoneinfo\/(.+)$/.exec(real) ?? [];
  if (name !== undefined) return zoneOf(name);
  return (path === LOCAL_TIME ? zoneOfDebian(files) : null) ?? zoneOfCopy(real, files);
}

/** Where /etc/localtime is a copy and no link, Debian has the name beside it. */
function zoneOfDebian(files: ZoneFiles): string | null {
  const name = files.read('/etc/timezone')?.toString('utf8').trim();
  return name === undefined ? null : zoneOf(name);
}

/** Elsewhere a copy is told by its content. */
function zoneOfCopy(path: string, files: ZoneFiles): string | null {
  const content = files.read(path);
  if (content === null) return null;
  for (const name of files.list(ZONES) ?? []) {
    const zone = zoneOf(name);
    if (zone !== null && files.read(join(ZONES, name))?.equals(content)) return zone;
  }
  return null;
}

/** `posix/…` and `right/…` hold the same zones, the second with leap seconds. */
function zoneOf(name: string): string | null {
  const plain = name.replace(/^(posix|right)\//, '');
  // Numbers such as +08:00 and rules such as CST-8 are no names.
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
