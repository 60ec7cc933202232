import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { databasePath } from '../config/database-url.ts';
import { AppError } from '../domain/errors.ts';
import { clientDefaultsStore } from '../store/client-defaults.ts';
import { openBesideServer } from '../store/database/open-beside-server.ts';
import { bad, type Finding, good } from './finding.ts';

export function checkTimeZone({ timeZone }: Config): Finding {
  return good(
    'time zone',
    `Days begin at midnight in ${timeZone} (WGQL_TIME_ZONE).`,
    `每天从 ${timeZone} 的零点开始（WGQL_TIME_ZONE）。`,
  );
}

export async function checkDatabase({ databaseUrl }: Config): Promise<Finding> {
  const path = databasePath(databaseUrl);
  if (!(await exists(path))) return checkNewDatabase(path);
  try {
    await (await openBesideServer(databaseUrl, { mayMake: false })).$disconnect();
    return good('database', `${path} can be opened.`, `可以打开 ${path}。`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { name: 'database', ok: false, text: error.text };
  }
}

/** Those of the interfaces whose endpoint was set over the API. */
export async function withStoredEndpoint(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  names: readonly string[],
): Promise<string[]> {
  if (!(await exists(databasePath(databaseUrl)))) return [];
  try {
    const db = await openBesideServer(databaseUrl, { mayMake: false });
    const { of } = clientDefaultsStore(db);
    const endpoints = await Promise.all(names.map(async (name) => (await of(name)).endpoint));
    await db.$disconnect();
    return names.filter((_, index) => endpoints[index] != null);
  } catch (error) {
    // It is reported as a problem of the database.
    if (error instanceof AppError) return [];
    throw error;
  }
}

async function checkNewDatabase(path: string): Promise<Finding> {
  const folder = await firstExisting(dirname(path));
  return (await isWritable(folder))
    ? good('database', `${path} will be created.`, `将创建 ${path}。`)
    : bad(
        'database',
        `${path} cannot be created, because ${folder} is not writable; correct WGQL_DATABASE_URL or the permissions.`,
        `无法创建 ${path}，因为 ${folder} 不可写；请修正 WGQL_DATABASE_URL 或权限。`,
      );
}

/** The key decrypts the preshared keys, so others may not read it. */
export async function checkKeyFile(config: Config): Promise<Finding> {
  const secretKeyFile = resolve(config.secretKeyFile);
  const found = await stat(secretKeyFile).catch(() => null);
  if (found === null) {
    return good('key file', `${secretKeyFile} will be created.`, `将创建 ${secretKeyFile}。`);
  }
  const isReadable = await access(secretKeyFile, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (isReadable && (found.mode & 0o077) === 0) {
    return good(
      'key file',
      `Only its owner can read ${secretKeyFile}.`,
      `只有所有者可以读取 ${secretKeyFile}。`,
    );
  }
  return bad(
    'key file',
    `${secretKeyFile} must be readable only for the user of wgql; use chown and "chmod 600".`,
    `${secretKeyFile} 必须只有 wgql 的用户可读；请使用 chown 和 "chmod 600"。`,
  );
}

async function firstExisting(folder: string): Promise<string> {
  const isThere = (await exists(folder)) || dirname(folder) === folder;
  return isThere ? folder : firstExisting(dirname(folder));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const isWritable = (path: string) =>
  access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
