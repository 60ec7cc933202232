import { AppError } from '../domain/errors.ts';

/** A file with `MAX_PEERS` peers and long comments is smaller. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** The text without the mark that some editors on Windows write first. Throws an `AppError` if it is too long. */
export function textOf(file: string): string {
  if (file.length > MAX_LENGTH) {
    throw new AppError('PAYLOAD_TOO_LARGE', {
      en: 'The file is larger than 64 MB; split it.',
      zh: '文件超过 64 MB；请拆分文件。',
    });
  }
  return file.startsWith('\ufeff') ? file.slice(1) : file;
}

export function linesOf(file: string): string[] {
  return textOf(file).split(/\r\n|\r|\n/);
}
