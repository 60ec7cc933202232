import { resolve } from 'node:path';
import type { Text } from '../domain/errors.ts';

/**
 * Returns the problem of a database URL, or null. The path after `file:` is not decoded, so characters with
 * a special meaning in URLs are rejected: they would become part of the file name, and the server would
 * start with a new, empty database.
 */
export function databaseUrlProblem(url: string): Text | null {
  const [, path] = /^file:(.+)$/.exec(url) ?? [];
  if (path === undefined) {
    return {
      en: 'must be "file:" followed by the path of a SQLite file',
      zh: '必须是 "file:" 加 SQLite 文件的路径',
    };
  }
  if (/[?#]/.test(path)) {
    return {
      en: 'must not have parameters; remove the part that begins with "?" or "#"',
      zh: '不能带参数；请删除以 "?" 或 "#" 开头的部分',
    };
  }
  if (/%[0-9a-f]{2}/i.test(path)) {
    return {
      en: 'must not be percent-encoded; write the characters of the path directly',
      zh: '不能使用百分号编码；请直接写出路径中的字符',
    };
  }
  if (/^\/\/(?!\/)/.test(path)) {
    return {
      en: 'must not contain a host; write "file:/path" or "file:///path"',
      zh: '不能包含主机名；请写成 "file:/路径" 或 "file:///路径"',
    };
  }
  if (/^(~|:memory:|\s)|\/$/.test(path)) {
    return {
      en: 'must be the path of a file; "~" is not expanded, ":memory:" stores nothing, and a trailing "/" means a folder',
      zh: '必须是文件路径；"~" 不会展开，":memory:" 不保存任何内容，末尾的 "/" 表示目录',
    };
  }
  return null;
}

/** Returns the absolute path of a database URL. Relative paths start at the current working directory. */
export function databasePath(url: string): string {
  return resolve(url.replace(/^file:/, ''));
}
