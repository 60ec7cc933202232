import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, type Text } from '../domain/errors.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import { type DatabaseFormat, detectDatabase, detectText, isDatabase } from './detect.ts';
import type { Imported } from './imported.ts';
import { readWgEasyDatabase } from './wg-easy-database.ts';
import { readWgEasyJson } from './wg-easy-json.ts';
import { isClientFile, readWgQuick } from './wg-quick.ts';
import { readWgdashboard, readWgdashboardBackup } from './wgdashboard/wgdashboard.ts';

/** One file, and what it declares; null with a reason if nothing of it is taken over. */
export interface ReadFile {
  readonly path: string;
  readonly content: Imported | null;
  readonly skipped: Text | null;
}

/** So much is read of a file to see whether it is a database. */
const HEAD_BYTES = 16;

/** A larger text is of no such tool. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** In a folder, other names are copies that editors and tools made before a change, with peers that are gone. */
const NAMES = /\.(conf|json|db)$/i;

/** A tool keeps its files in its folder, or its databases in one of their own. */
const SUBFOLDERS = ['', 'db'];

/** The database of limits that WGDashboard has beside its own. */
const JOBS_FILE = 'wgdashboard_job.db';

const MAX_FILES = 1_000;

/**
 * Reads a file of another tool, or all of a folder; databases come first, because they have more than what is written
 * from them. `calendar` is the time zone of the server that wrote it. Throws an `AppError` if there is nothing to read.
 */
export async function readPath(path: string, calendar: Calendar): Promise<ReadFile[]> {
  const isFolder = (await stat(path).catch(() => refuse(path))).isDirectory();
  const files = isFolder ? await filesIn(path) : [path];
  const kinds = await Promise.all(files.map((file) => kindOf(file)));
  const jobs = files.find((_, index) => kinds[index] === 'wgdashboard-jobs');
  const beside = jobs ?? (await jobsBeside(path));
  const read: ReadFile[] = [];
  for (const [index, file] of files.entries()) {
    read.push(await readOne(file, kinds[index] as Kind, { jobs: beside, calendar }));
  }
  read.sort((a, b) => Number(isDatabaseFile(b.path)) - Number(isDatabaseFile(a.path)));
  // In a folder, most files are other things; each of them would be a line that hides the rest.
  const useful = isFolder ? read.filter(({ skipped }) => skipped !== SKIPPED.unknown) : read;
  if (useful.every(({ content }) => content === null)) {
    throw nothingToRead(path, useful[0]?.skipped ?? SKIPPED.unknown);
  }
  return useful;
}

type Kind = DatabaseFormat | 'text' | 'unreadable' | 'unknown';

const isDatabaseFile = (path: string): boolean => /\.db$/i.test(path);

async function kindOf(path: string): Promise<Kind> {
  const file = await open(path).catch(() => null);
  if (file === null) return 'unreadable';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (isDatabase(buffer.subarray(0, bytesRead))) return detectDatabase(path) ?? 'unknown';
    return (await file.stat()).size > MAX_TEXT_BYTES ? 'unknown' : 'text';
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  } finally {
    await file.close();
  }
}

async function jobsBeside(path: string): Promise<string | undefined> {
  const file = join(dirname(path), JOBS_FILE);
  return (await kindOf(file)) === 'wgdashboard-jobs' ? file : undefined;
}

interface Surroundings {
  readonly jobs: string | undefined;
  readonly calendar: Calendar;
}

/** What is wrong with one file of a folder does not hinder the others. */
async function readOne(path: string, kind: Kind, around: Surroundings): Promise<ReadFile> {
  try {
    if (kind === 'text') return readText(path, await readFile(path, 'utf8'));
    return readDatabase(path, kind, around);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { path, content: null, skipped: error.text };
  }
}

function readText(path: string, text: string): ReadFile {
  const name = basename(path).replace(/\.(conf|json)$/i, '');
  switch (detectText(text)) {
    case 'wg-quick':
      return isClientFile(text)
        ? { path, content: null, skipped: SKIPPED.client }
        : taken(path, readWgQuick(text, name));
    case 'wg-easy-json':
      return taken(path, readWgEasyJson(text, name));
    case 'wgdashboard-backup':
      return taken(path, readWgdashboardBackup(text));
    case null:
      return { path, content: null, skipped: SKIPPED.unknown };
  }
}

function readDatabase(
  path: string,
  kind: Exclude<Kind, 'text'>,
  { jobs, calendar }: Surroundings,
): ReadFile {
  switch (kind) {
    case 'wg-easy-database':
      return taken(path, readWgEasyDatabase(path));
    case 'wgdashboard':
      return taken(
        path,
        readWgdashboard(path, jobs === undefined ? null : { path: jobs, calendar }),
      );
    case 'wgdashboard-jobs':
      return { path, content: null, skipped: SKIPPED.jobs };
    case 'unreadable':
    case 'unknown':
      return { path, content: null, skipped: SKIPPED[kind] };
  }
}

const taken = (path: string, content: Imported): ReadFile => ({ path, content, skipped: null });

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of SUBFOLDERS) {
    const entries = await readdir(join(folder, name), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' && name !== '' ? [] : refuse(join(folder, name)),
    );
    const files = entries.filter((entry) => entry.isFile() && NAMES.test(entry.name));
    found.push(...files.map((entry) => join(folder, name, entry.name)).sort());
  }
  return found.slice(0, MAX_FILES);
}

/** Why a file is skipped. */
const SKIPPED = {
  unreadable: { en: 'cannot be read; check its permissions.', zh: '无法读取；请检查其权限。' },
  client: {
    en: 'is the configuration of a client, not of the server.',
    zh: '是客户端的配置，不是服务器的配置。',
  },
  jobs: {
    en: 'has the limits of the peers in the database of WGDashboard beside it.',
    zh: '包含旁边 WGDashboard 数据库中对等节点的限制。',
  },
  unknown: {
    en: 'is not a file of wg-quick, wg-easy, WGDashboard, PiVPN, wireguard-ui or wg-portal.',
    zh: '不是 wg-quick、wg-easy、WGDashboard、PiVPN、wireguard-ui 或 wg-portal 的文件。',
  },
} as const satisfies Record<string, Text>;

function refuse(path: string): never {
  throw new AppError('NOT_FOUND', {
    en: `${path} cannot be read; check the path and its permissions.`,
    zh: `无法读取 ${path}；请检查路径和权限。`,
  });
}

function nothingToRead(path: string, { en, zh }: Text): AppError {
  return new AppError('INVALID_ARGUMENT', { en: `${path} ${en}`, zh: `${path} ${zh}` });
}
