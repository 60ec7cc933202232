import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
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

/** So much is read of a file to see what it is. */
const HEAD_BYTES = 16;

/** A file of another tool is in its folder, or where that keeps its databases. */
const SUBFOLDERS = ['', 'db', 'WGDashboard_Backup'];

const MAX_FILES = 1_000;

/**
 * Reads a file of another tool, or all of a folder. `calendar` is the time zone of the server that wrote it. Throws
 * an `AppError` if there is nothing to read.
 */
export async function readPath(path: string, calendar: Calendar): Promise<ReadFile[]> {
  const isFolder = (await statOf(path)).isDirectory();
  const files = isFolder ? await filesIn(path) : [path];
  const contents = await Promise.all(
    files.map((file) => readFile(file).catch(() => (isFolder ? null : refuse(path)))),
  );
  const formats = contents.map((content, index) =>
    content !== null && isDatabase(content.subarray(0, HEAD_BYTES))
      ? (detectDatabase(files[index] as string) ?? 'unknown')
      : null,
  );
  const jobs = files[formats.indexOf('wgdashboard-jobs')];
  const read = files.map((file, index): ReadFile => {
    const [content, format] = [contents[index] as Buffer | null, formats[index] as Format | null];
    if (content === null) return { path: file, content: null, skipped: SKIPPED.unreadable };
    if (format === null) return readText(file, content.toString('utf8'));
    return readDatabase(file, format, jobs, calendar);
  });
  // In a folder, most files are other things; each of them would be a line that hides the rest.
  const useful = isFolder ? read.filter(({ skipped }) => skipped !== SKIPPED.unknown) : read;
  if (useful.every(({ content }) => content === null)) {
    throw nothingToRead(path, useful[0]?.skipped ?? SKIPPED.unknown);
  }
  return useful;
}

type Format = DatabaseFormat | 'unknown';

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
  format: Format,
  jobs: string | undefined,
  calendar: Calendar,
): ReadFile {
  switch (format) {
    case 'wg-easy-database':
      return taken(path, readWgEasyDatabase(path));
    case 'wgdashboard':
      return taken(
        path,
        readWgdashboard(path, jobs === undefined ? null : { path: jobs, calendar }),
      );
    case 'wgdashboard-jobs':
      return { path, content: null, skipped: SKIPPED.jobs };
    case 'unknown':
      return { path, content: null, skipped: SKIPPED.unknown };
  }
}

const taken = (path: string, content: Imported): ReadFile => ({ path, content, skipped: null });

function statOf(path: string) {
  return stat(path).catch(() => refuse(path));
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of SUBFOLDERS) {
    const entries = await readdir(join(folder, name), { withFileTypes: true }).catch(() => []);
    const files = entries.filter(
      (entry) => entry.isFile() && !/-(wal|shm|journal)$/.test(entry.name),
    );
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
