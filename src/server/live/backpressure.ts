import { AppError } from '../../domain/errors.ts';

/** Bytes that a client may leave unread, besides the largest message that it was sent. */
export const MAX_UNREAD_BYTES = 1024 * 1024;

/** Tells, before each message, whether the client has left too much unread to be sent another. */
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
    zh: '由于读取过慢，此订阅已结束；请重新订阅。',
  });
}
