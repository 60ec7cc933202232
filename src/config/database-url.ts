import { resolve } from 'node:path';
import type { Text } from '../domain/errors.ts';

/**
 * What is wrong with the URL of a database; null is nothing. After `file:` comes a path as it is: no
 * part of it is decoded, so what means something else in a URL is refused. It would become a part of
 * the name, and an empty database would start beside the full one.
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
      en: 'takes no parameters; remove what begins with "?" or "#"',
      zh: '不接受参数；请删除以 "?" 或 "#" 开头的部分',
    };
  }
  if (/%[0-9a-f]{2}/i.test(path)) {
    return {
      en: 'is not percent-decoded; write each character of the path as it is',
      zh: '不会进行百分号解码；请直接写出路径中的每个字符',
    };
  }
  if (/^\/\/(?!\/)/.test(path)) {
    return {
      en: 'names a host; write "file:/path" or "file:///path"',
      zh: '包含主机名；请写成 "file:/路径" 或 "file:///路径"',
    };
  }
  if (/^(~|:memory:|\s)|\/$/.test(path)) {
    return {
      en: 'must name a file: "~" is not expanded, ":memory:" keeps nothing, and "/" at the end is a folder',
      zh: '必须指定文件："~" 不会展开，":memory:" 不保存任何内容，末尾的 "/" 表示目录',
    };
  }
  return null;
}

/** The absolute path of a database URL. A relative one begins in the folder that wgql is started in. */
export function databasePath(url: string): string {
  return resolve(url.replace(/^file:/, ''));
}
