import { AppError } from '../../domain/errors.ts';

/** The number of unread bytes a client may have, in addition to the largest message sent to it. */
export const MAX_UNREAD_BYTES = 1024 * 1024;

/** Returns a function that reports before each message whether the client has too many unread bytes. */
export function unreadLimit(): (unreadBytes: number, nextBytes: number) => boolean {
  let largestBytes = 0;
  return (unreadBytes, nextBytes) => {
    if (unreadBytes > MAX_UNREAD_BYTES + largestBytes) return true;
    largestBytes = Math.max(largestBytes, nextBytes);
    return false;
  };
}

export function slowConsumer(): AppError {
  return new AppError('SLOW_CONSUMER', {
    en: 'This subscription was ended because its messages were not read fast enough; subscribe again.',
    zh: '由于读取消息过慢，此订阅已结束；请重新订阅。',
  });
}
