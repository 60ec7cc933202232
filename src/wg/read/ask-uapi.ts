import { connect } from 'node:net';
import { AppError, type Text } from '../../domain/errors.ts';

/** A response of 2^16 peers, the maximum of wireguard-go, has about 30 MB with two allowed IPs each. */
const MAX_ANSWER_BYTES = 40 * 1024 * 1024;

/** The buffer that a response is read into, part by part. */
const PART_BYTES = 64 * 1024;

/**
 * Queries the daemon behind a userspace interface's socket, and calls `take` with each part of its response.
 * Resolves at the end of the response. Rejects with the system's error, or with an `AppError` if the response is
 * longer than any real one.
 */
export function askUapi(
  socketPath: string,
  signal: AbortSignal,
  take: (part: string) => void,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let end = '';
    const takePart = (length: number, buffer: Uint8Array): boolean => {
      bytes += length;
      if (bytes > maxBytes) {
        reject(new AppError('UNAVAILABLE', TOO_LONG));
        socket.destroy();
        return false;
      }
      const part = (buffer as Buffer).toString('latin1', 0, length);
      take(part);
      // The daemon keeps the connection open after its response, which ends with a blank line.
      end = (end + part.slice(-2)).slice(-2);
      if (end !== '\n\n') return true;
      resolve();
      socket.destroy();
      return false;
    };
    const onread = { buffer: Buffer.allocUnsafe(PART_BYTES), callback: takePart };
    const socket = connect({ path: socketPath, signal, onread });
    socket.on('connect', () => socket.write('get=1\n\n'));
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

const TOO_LONG: Text = {
  en: 'The daemon of the interface sends an endless response; restart the daemon.',
  zh: '接口的守护进程不停地返回数据；请重启该守护进程。',
};
