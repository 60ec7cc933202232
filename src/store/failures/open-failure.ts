import type { Text } from '../../domain/errors.ts';
import { errorCodeOf } from './error-code.ts';

type Sentence = (path: string, code: string) => Text;

/** Why a database cannot be opened, and what to do, by error code. The first match applies. */
const SENTENCES: readonly (readonly [RegExp, Sentence])[] = [
  [
    /^(ERR_DLOPEN_FAILED|MODULE_NOT_FOUND|ERR_MODULE_NOT_FOUND)$/,
    () => ({
      en: `The SQLite module cannot be loaded by Node.js ${process.version}: it is missing, or was built for another version of Node.js. Run "npm ci" with the Node.js that runs wgql.`,
      zh: `Node.js ${process.version} 无法加载 SQLite 模块：模块缺失，或是为其他版本的 Node.js 构建的。请用运行 wgql 的 Node.js 执行 "npm ci"。`,
    }),
  ],
  [
    /^SQLITE_NOTADB/,
    (path) => ({
      en: `The database ${path} cannot be opened: the file is not a SQLite database, or is damaged; it is left unchanged. Set WGQL_DATABASE_URL to the right file, or replace it with a backup.`,
      zh: `无法打开数据库 ${path}：该文件不是 SQLite 数据库，或已损坏；文件保持不变。请将 WGQL_DATABASE_URL 设为正确的文件，或用备份替换它。`,
    }),
  ],
  [
    /^SQLITE_CORRUPT/,
    (path) => ({
      en: `The database ${path} is damaged; it is left unchanged. Replace it with a backup, and delete the -wal and -shm files beside it.`,
      zh: `数据库 ${path} 已损坏；文件保持不变。请用备份替换它，并删除旁边的 -wal 和 -shm 文件。`,
    }),
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    (path) => ({
      en: `The database ${path} is locked by another program; stop that program, or try again.`,
      zh: `数据库 ${path} 被其他程序锁定；请停止该程序，或稍后重试。`,
    }),
  ],
  [
    /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_SHMSIZE)/,
    (path) => ({
      en: `The database ${path} cannot be opened for writing: the disk is full. Free some space, then start wgql again.`,
      zh: `无法以写入方式打开数据库 ${path}：磁盘已满。请释放空间后重新启动。`,
    }),
  ],
  [
    /^EROFS/,
    (path) => ({
      en: `The database ${path} cannot be opened for writing: its file system is read-only. Set WGQL_DATABASE_URL to a file on another file system.`,
      zh: `无法以写入方式打开数据库 ${path}：文件系统是只读的。请将 WGQL_DATABASE_URL 设为其他文件系统上的文件。`,
    }),
  ],
  [
    /^EISDIR/,
    (path) => ({
      en: `The database ${path} cannot be opened: it is a folder, a pipe or a device. Set WGQL_DATABASE_URL to a file.`,
      zh: `无法打开数据库 ${path}：它是目录、管道或设备。请将 WGQL_DATABASE_URL 设为文件。`,
    }),
  ],
  [
    /^ENOTDIR/,
    (path) => ({
      en: `The database ${path} cannot be opened: a part of its path is a file, not a folder. Correct WGQL_DATABASE_URL.`,
      zh: `无法打开数据库 ${path}：路径中有一部分是文件而不是目录。请更正 WGQL_DATABASE_URL。`,
    }),
  ],
  [
    /^ENOENT/,
    (path) => ({
      en: `The database ${path} cannot be opened: its folder does not exist and cannot be created. Correct WGQL_DATABASE_URL.`,
      zh: `无法打开数据库 ${path}：其目录不存在且无法创建。请更正 WGQL_DATABASE_URL。`,
    }),
  ],
  [
    /^ENAMETOOLONG/,
    (path) => ({
      en: `The database ${path} cannot be opened: its path is too long. Shorten WGQL_DATABASE_URL.`,
      zh: `无法打开数据库 ${path}：路径过长。请缩短 WGQL_DATABASE_URL。`,
    }),
  ],
  [
    /^(ELOOP|SQLITE_CANTOPEN_SYMLINK)/,
    (path) => ({
      en: `The database ${path} cannot be opened: it, or a file beside it, is a symbolic link that another user created or that has no target. Remove the link, or correct WGQL_DATABASE_URL.`,
      zh: `无法打开数据库 ${path}：它或旁边的文件是其他用户创建的符号链接，或目标不存在的符号链接。请删除该链接，或更正 WGQL_DATABASE_URL。`,
    }),
  ],
  [
    /^EMLINK/,
    (path) => ({
      en: `The database ${path} cannot be opened: a file beside it (-wal, -shm, -journal or .lock) has a second name, a hard link. Remove the other name.`,
      zh: `无法打开数据库 ${path}：旁边的文件（-wal、-shm、-journal 或 .lock）有第二个名称（硬链接）。请删除另一个名称。`,
    }),
  ],
  [
    /^(EMFILE|ENFILE|ENOMEM|SQLITE_NOMEM)/,
    (path, code) => ({
      en: `The database ${path} cannot be opened: the system is out of file handles or memory (${code}). Raise the limit, or stop other programs.`,
      zh: `无法打开数据库 ${path}：系统的文件句柄或内存已用尽（${code}）。请提高限制，或停止其他程序。`,
    }),
  ],
  [
    /^(EIO|SQLITE_IOERR)/,
    (path, code) => ({
      en: `The database ${path} cannot be read or written: the disk reports a failure (${code}). Check the disk and the system log.`,
      zh: `无法读写数据库 ${path}：磁盘报告故障（${code}）。请检查磁盘和系统日志。`,
    }),
  ],
  [
    /^(EACCES|EPERM|SQLITE_(PERM|AUTH|READONLY|CANTOPEN))/,
    (path, code) => ({
      en: `The database ${path} cannot be opened for writing (${code}); check WGQL_DATABASE_URL and the permissions of the file and its folder.`,
      zh: `无法以写入方式打开数据库 ${path}（${code}）；请检查 WGQL_DATABASE_URL 以及文件和目录的权限。`,
    }),
  ],
];

/** Why a database cannot be opened, and what to do. */
export function openFailure(path: string, error: unknown): Text {
  const code = codeOf(error);
  const sentence = SENTENCES.find(([pattern]) => pattern.test(code))?.[1];
  return sentence?.(path, code) ?? unknownFailure(path, error);
}

/** The loader of native modules reports a missing one without a code. */
function codeOf(error: unknown): string {
  const isMissing = error instanceof Error && /^Could not locate the bindings/.test(error.message);
  return errorCodeOf(error) ?? (isMissing ? 'MODULE_NOT_FOUND' : '');
}

function unknownFailure(path: string, error: unknown): Text {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return {
    en: `The database ${path} cannot be opened: ${reason}`,
    zh: `无法打开数据库 ${path}：${reason}`,
  };
}
