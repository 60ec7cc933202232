import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Host } from './host.ts';
import { exited, kill } from './process.ts';

export interface TrafficOptions {
  /** Where the receiver listens, an address of the receiving host; IPv4 or IPv6. */
  address: string;
  /** Default any free one. */
  port?: number;
  /** Default 'tcp'. */
  proto?: 'tcp' | 'udp';
  /** How much to send; without it the sender goes on until stopped. */
  bytes?: number;
  /** Bytes a second offered; default as fast as it goes. */
  ratePerSecond?: number;
  /** Payload of one UDP datagram; default 1200. */
  datagramBytes?: number;
}

/** What the receiving program has got so far: payload bytes, without any header. */
export interface Received {
  bytes: number;
  /** When this was asked, in milliseconds on the receiver's clock. */
  nowMs: number;
  /** When the first and the last bytes came, on the same clock; null before any came. */
  firstMs: number | null;
  lastMs: number | null;
  /** The sender has closed its TCP connection; always false with UDP. */
  ended: boolean;
}

/** A sender and a receiver at work. */
export interface Traffic extends AsyncDisposable {
  received(): Promise<Received>;
  /** Resolves when all `bytes` were sent; rejects when the sender failed. */
  sent(): Promise<void>;
  /** Ends both. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a receiver on `to`, then a sender on `from`; resolves once it sends, and rejects when a
 * TCP connection does not come about within 10 s.
 */
export async function startTraffic(
  from: Host,
  to: Host,
  options: TrafficOptions,
): Promise<Traffic> {
  const { address, port = 0, proto = 'tcp', bytes = null, ratePerSecond = null } = options;
  const { datagramBytes = 1200 } = options;
  const receiver = start(to, 'traffic-receiver.mjs', { proto, address, port });
  const children = [receiver.child];
  const stop = async () => {
    await Promise.all(children.map(kill));
  };
  try {
    const listening = JSON.parse(await receiver.line()) as { port: number };
    const target = { proto, address, port: listening.port };
    const config = { ...target, bytes, ratePerSecond, datagramBytes };
    const sender = start(from, 'traffic-sender.mjs', config);
    children.push(sender.child);
    await sender.line();
    let last: Promise<unknown> = Promise.resolve();
    return {
      received() {
        // One question at a time, so that each gets its own answer.
        const next = last.then(async () => {
          receiver.child.stdin?.write('\n');
          return JSON.parse(await receiver.line()) as Received;
        });
        last = next.catch(() => {});
        return next;
      },
      async sent() {
        await exited(sender.child);
        if (sender.child.exitCode !== 0) throw new Error(`The sender failed: ${sender.stderr()}`);
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Script {
  child: ChildProcess;
  /** The next line it writes; rejects with its stderr when it ends instead. */
  line(): Promise<string>;
  stderr(): string;
}

function start(host: Host, script: string, config: object): Script {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const argv = [process.execPath, path, JSON.stringify(config)];
  const child = host.spawn(argv, { stdio: 'pipe' });
  const { stdout } = child;
  if (stdout === null) throw new Error(`${script} has no stdout`);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin?.on('error', () => {});
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${script} ended: ${stderr.trim()}`);
      return value;
    },
    stderr: () => stderr.trim(),
  };
}
