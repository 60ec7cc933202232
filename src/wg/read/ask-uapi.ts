import { connect } from 'node:net';
import { AppError, type Text } from '../../domain/errors.ts';

/** A response of 2^16 peers, the maximum of wireguard-go, has about 30 MB with two allowed IPs each. */
const MAX_ANSWER_BYTES = 40 * 1024 * 1024;

/**
 * Queries the daemon behind a userspace interface's socket. Rejects with the system's error, or with an
 * `AppError` if the response is longer than any real one.
 */
export function askUapi(
  socketPath: string,
  signal: AbortSignal,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect({ path: socketPath, signal });
    socket.on('connect', () => socket.write('get=1\n\n'));
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        reject(new AppError('UNAVAILABLE', TOO_LONG));
        chunks.length = 0;
        socket.destroy();
        return;
      }
      chunks.push(chunk);
      if (!endsAnswer(chunks)) return;
      resolve(textOf(chunks));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(textOf(chunks)));
  });
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('latin1');
}

/** The daemon keeps the connection open after its response, which ends with a blank line. */
function endsAnswer(chunks: Buffer[]): boolean {
  const last = chunks.at(-1) as Buffer;
  if (last.length >= 2) return last.at(-1) === 10 && last.at(-2) === 10;
  const tail = Buffer.concat(chunks.slice(-2));
  return tail.length >= 2 && tail.at(-1) === 10 && tail.at(-2) === 10;
}

const TOO_LONG: Text = {
  en: 'The daemon of the interface sends an endless response; restart the daemon.',
  zh: '接口的守护进程不停地返回数据；请重启该守护进程。',
};
