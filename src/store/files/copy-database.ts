import { link, lstat, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../domain/errors.ts';
import { errorCodeOf } from '../failures/error-code.ts';
import { makeFolderOf, OWNER_ONLY, syncFolderOf } from './private-files.ts';

/** A copy waits for a server that writes a large poll; the server does not wait for the copy. */
const BUSY_TIMEOUT_MS = 10_000;

/** The errors of a file system without hard links, such as exFAT. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

export interface CopyOptions {
  /** true replaces a file of this name; otherwise an existing file is an error. */
  readonly replace: boolean;
  /**
   * The event loop runs between parts of the copy. Meanwhile others may write, but SQLite cannot shorten the WAL. Space
   * that deleted records have left is copied too.
   */
  readonly inParts?: boolean;
  /** Ends a copy in parts; it then rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** A few milliseconds of work. */
const PART_PAGES = 100;

/**
 * Writes the database at this path, as it is at one instant, to a file that only the owner can access. The
 * copy gets its name once it is complete and on the disk. Rejects with an `AppError` if the file exists or
 * cannot be written.
 */
export async function copyDatabase(
  path: string,
  file: string,
  options: CopyOptions = { replace: false },
): Promise<void> {
  const db = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    // Without a transaction, the copy would begin again whenever somebody writes.
    if (options.inParts) db.exec('BEGIN');
    // A file that is not a database is reported differently from a copy that cannot be written.
    db.pragma('schema_version');
    await writeCopy(db, file, options).catch((error: unknown) => {
      options.signal?.throwIfAborted();
      throw error instanceof AppError || isOfSource(error) ? error : notWritable(file, error);
    });
  } finally {
    db.close();
  }
}

async function writeCopy(
  db: Database.Database,
  file: string,
  { replace, inParts = false, signal }: CopyOptions,
): Promise<void> {
  await makeFolderOf(file);
  if (!replace) await refuseExisting(file);
  // In a private folder, no other user can replace the draft.
  const folder = await mkdtemp(`${file}.new-`);
  try {
    const draft = join(folder, basename(file));
    await (await open(draft, 'wx', OWNER_ONLY)).close();
    if (inParts) await copyInParts(db, draft, signal);
    else db.prepare('VACUUM INTO ?').run(draft);
    await sync(draft);
    await (replace ? rename(draft, file) : place(draft, file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await syncFolderOf(file);
}

async function copyInParts(
  db: Database.Database,
  draft: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const progress = () => {
    signal?.throwIfAborted();
    return PART_PAGES;
  };
  await db.backup(draft, { progress });
  // As `VACUUM INTO` leaves it: it can be read without a file beside it.
  const copy = new Database(draft);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The problem is in the source database, not in the copy. */
function isOfSource(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED|CORRUPT|NOTADB)/.test(errorCodeOf(error) ?? '');
}

/** A hard link replaces nothing, even if the name was created meanwhile. */
async function place(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw alreadyThere(file);
    if (!NO_LINKS.has(code)) throw error;
    await refuseExisting(file);
    await rename(draft, file);
  }
}

async function refuseExisting(file: string): Promise<void> {
  const isThere = await lstat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw alreadyThere(file);
}

function alreadyThere(file: string): AppError {
  return new AppError('CONFLICT', {
    en: `${file} already exists, and a backup does not overwrite files; specify another file.`,
    zh: `${file} 已存在，备份不会覆盖任何文件；请指定其他文件。`,
  });
}

function notWritable(file: string, cause: unknown): AppError {
  const code = errorCodeOf(cause) ?? 'UNKNOWN';
  return new AppError(
    'UNAVAILABLE',
    {
      en: `The backup ${file} cannot be written (${code}); check the permissions of the folder and the free space on the disk.`,
      zh: `无法写入备份 ${file}（${code}）；请检查目录权限和磁盘空间。`,
    },
    [],
    { cause },
  );
}
