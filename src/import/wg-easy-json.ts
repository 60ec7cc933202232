import { AppError } from '../domain/errors.ts';
import { calendarOf } from '../domain/time/calendar.ts';
import { expiryOf } from './expiry.ts';
import { type Imported, newImport } from './imported.ts';
import { textOf } from './text-file.ts';
import { LEFT, PROBLEMS } from './texts.ts';

type Members = Readonly<Record<string, unknown>>;

/** wg-easy writes times with an offset, except where people have edited the file. */
const UTC = calendarOf('UTC');

/** Parses the `wg0.json` of wg-easy up to version 14. `interfaceName` is the name of the file without `.json`. */
export function readWgEasyJson(file: string, interfaceName: string | null): Imported {
  const clients = clientsIn(file);
  if (clients === null) throw notWgEasy();
  const builder = newImport();
  builder.leave(LEFT.interfaceSettings);
  for (const client of clients) {
    if ('privateKey' in client) builder.leave(LEFT.privateKeys);
    const expiresAt = expiryOf(client.expiredAt, UTC);
    builder.add({
      publicKey: client.publicKey,
      interface: interfaceName,
      nickname: client.name,
      enabled: client.enabled !== false,
      expiresAt: expiresAt ?? null,
      allowedIps: client.address === undefined ? [] : [client.address],
      presharedKey: client.preSharedKey,
      ...(expiresAt === undefined && { problem: PROBLEMS.expiry }),
    });
  }
  return builder.end();
}

export function isWgEasyJson(file: string): boolean {
  return clientsIn(file) !== null;
}

/** The clients without their ids, which people have edited; null if it is not such a file. */
function clientsIn(file: string): Members[] | null {
  const content = parsed(textOf(file));
  if (!isObject(content) || !isObject(content.server) || !isObject(content.clients)) return null;
  return Object.values(content.clients).map((client) => (isObject(client) ? client : {}));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the text, which contains keys.
    return null;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function notWgEasy(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'The file is not a wg0.json of wg-easy: it is not JSON, or has no server and clients.',
    zh: '该文件不是 wg-easy 的 wg0.json：它不是 JSON，或者没有 server 和 clients。',
  });
}
