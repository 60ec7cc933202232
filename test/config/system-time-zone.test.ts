import { describe, expect, it } from 'vitest';
import { systemTimeZone, type ZoneFiles } from '../../src/config/system-time-zone.ts';
import { calendarOf } from '../../src/domain/time/calendar.ts';

const SHANGHAI = Buffer.from('the rules of Shanghai');

/** A machine with these files; a text that begins with "/" is a symbolic link. */
function machine(files: Record<string, string | Buffer>): ZoneFiles {
  const linkOf = (path: string) => {
    const content = files[path];
    return typeof content === 'string' && content.startsWith('/') ? content : null;
  };
  const realPath = (path: string): string | null => {
    const link = linkOf(path);
    if (link !== null) return realPath(link);
    return path in files ? path : null;
  };
  return {
    realPath,
    read: (path) => {
      const real = realPath(path);
      return real === null ? null : Buffer.from(files[real] ?? '');
    },
    list: (folder) =>
      Object.keys(files).flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
      ),
  };
}

const ZONE = '/usr/share/zoneinfo/Asia/Shanghai';
const linked = machine({ '/etc/localtime': ZONE, [ZONE]: SHANGHAI });
const copied = machine({ '/etc/localtime': SHANGHAI, [ZONE]: SHANGHAI });
const debian = machine({ '/etc/localtime': SHANGHAI, '/etc/timezone': 'Europe/Berlin\n' });
const bare = machine({});

describe('the time zone of the system', () => {
  it.each([
    ['a link', undefined, linked, 'Asia/Shanghai'],
    ['a copy', undefined, copied, 'Asia/Shanghai'],
    ['a copy whose name Debian keeps', undefined, debian, 'Europe/Berlin'],
    ['absent', undefined, bare, 'UTC'],
    ['named with a colon', ':/etc/localtime', linked, 'Asia/Shanghai'],
    ['named by the path of a zone', ZONE, linked, 'Asia/Shanghai'],
    ['a name', 'Europe/Berlin', linked, 'Europe/Berlin'],
    ['a name where no zones are installed', 'Europe/Berlin', bare, 'Europe/Berlin'],
    ['a name with a colon', ':America/New_York', linked, 'America/New_York'],
    ['a name of the POSIX folder', 'posix/Europe/Berlin', linked, 'Europe/Berlin'],
    ['an old name', 'EST5EDT', linked, expect.any(String)],
    ['empty', '', linked, 'UTC'],
    ['a colon alone', ':', linked, 'UTC'],
  ])('is found if it is %s', (_, tz, files, zone) => {
    expect(systemTimeZone(tz, files)).toEqual(zone);
  });

  it.each([
    ['CST-8', linked],
    ['UTC+8', linked],
    ['+08:00', linked],
    ['Asia/Beijing', linked],
    ['nonsense', linked],
    ['/etc/passwd', linked],
    ['/etc/localtime', machine({ '/etc/localtime': Buffer.from('of nowhere') })],
    ['../../etc/passwd', linked],
    ['__proto__', linked],
  ])('has no name if TZ is %s', (tz, files) => {
    expect(systemTimeZone(tz, files)).toBeNull();
  });

  it('is always supported', () => {
    const zone = systemTimeZone('EST5EDT', linked) ?? '';
    expect(() => calendarOf(zone).startOfDay(new Date(0))).not.toThrow();
  });
});
