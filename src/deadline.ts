import { AppError } from './errors.ts';

/** Rejects with an `AppError` when the answer takes longer; what it waits for then goes on unheard. */
export async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong(ms)), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function tookTooLong(ms: number): AppError {
  const seconds = ms / 1000;
  return new AppError('UNAVAILABLE', {
    en: `The answer took longer than ${seconds} seconds; ask for less, and see whether a change was made before you repeat it.`,
    zh: `应答时间超过 ${seconds} 秒；请减少请求的内容，重试更改之前请先确认是否已生效。`,
  });
}
