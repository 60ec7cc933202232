import { AppError, type Text } from '../../domain/errors.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { errorCodeOf } from './error-code.ts';

/** Translates the failure of a change: the operator must fix the database, and nothing has changed. */
export function translateWriteErrors<T>(write: Promise<T>): Promise<T> {
  return translating(write, {
    en: 'The change could not be stored and nothing has changed',
    zh: '无法保存更改，未做任何修改',
  });
}

/** Translates the failure of a record; its data is written with the next poll that can be recorded. */
export function translateRecordErrors<T>(write: Promise<T>): Promise<T> {
  return translating(write, {
    en: 'The data read from WireGuard cannot be recorded now and will be recorded later',
    zh: '从 WireGuard 读取的数据暂时无法记录，稍后会补记',
  });
}

async function translating<T>(write: Promise<T>, what: Text): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    const { en, zh } = causeOf(error);
    const text = { en: `${what.en}: ${en}`, zh: `${what.zh}：${zh}` };
    throw new AppError('UNAVAILABLE', text, [], { cause: error });
  }
}

/** Why a database cannot be written, and what to do, by error code. The first match applies. */
const CAUSES: readonly (readonly [RegExp, Text])[] = [
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    {
      en: 'the disk of the database is full; free some space.',
      zh: '数据库所在磁盘已满；请释放空间。',
    },
  ],
  [
    /^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EROFS|EACCES|EPERM)/,
    {
      en: 'the database file is not writable; check the permissions of the file and its folder, and whether the file system is read-only.',
      zh: '数据库文件不可写；请检查文件和目录的权限，以及文件系统是否为只读。',
    },
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    {
      en: 'another program is using the database; stop that program.',
      zh: '数据库被其他程序占用；请停止该程序。',
    },
  ],
  [
    /^(SQLITE_IOERR|EIO)/,
    {
      en: 'the disk of the database reports a failure; check the disk and the system log.',
      zh: '数据库所在磁盘报告故障；请检查磁盘和系统日志。',
    },
  ],
];

const UNKNOWN_CAUSE: Text = {
  en: 'check that the database is writable; see the log for details.',
  zh: '请检查数据库是否可写；详情见日志。',
};

function causeOf(error: unknown): Text {
  const code = errorCodeOf(error) ?? '';
  return CAUSES.find(([pattern]) => pattern.test(code))?.[1] ?? UNKNOWN_CAUSE;
}

function isDatabaseError(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError ||
    error instanceof Prisma.PrismaClientUnknownRequestError ||
    error instanceof Prisma.PrismaClientInitializationError ||
    (error instanceof Error && ['DriverAdapterError', 'SqliteError'].includes(error.name))
  );
}
