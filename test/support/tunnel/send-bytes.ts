import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from './host.ts';
import { startTraffic, type Traffic, type TrafficOptions } from './traffic.ts';
import { waitFor } from './wait.ts';

export type SendOptions = Omit<TrafficOptions, 'bytes'> &
  (
    | {
        /** Sends this much and measures from the first to the last byte received. */
        bytes: number;
        seconds?: undefined;
        warmUpSeconds?: undefined;
        /** Milliseconds for all of it; default 30000. */
        timeoutMs?: number;
      }
    | {
        /** Sends without end and measures for this long. */
        seconds: number;
        /** Time before the measurement, not counted; default 0. */
        warmUpSeconds?: number;
        bytes?: undefined;
        timeoutMs?: undefined;
      }
  );

/** What was measured: payload bytes that arrived, and in how many seconds. */
export interface SendResult {
  receivedBytes: number;
  seconds: number;
}

/**
 * Sends from one host to another and tells what arrived. With TCP and `bytes` all of it does;
 * with UDP what is lost is missing from `receivedBytes`, and a busy machine loses some: the socket
 * buffers on the way hold about 100 kB, and a sender that was held up catches up in a burst.
 */
export async function sendBytes(from: Host, to: Host, options: SendOptions): Promise<SendResult> {
  const { address, port, proto, ratePerSecond, datagramBytes, bytes } = options;
  const flow = { address, port, proto, ratePerSecond, datagramBytes, bytes };
  const traffic = await startTraffic(from, to, flow);
  try {
    return options.bytes === undefined
      ? await measureFor(traffic, options.seconds, options.warmUpSeconds ?? 0)
      : await measureAll(traffic, options.bytes, options.timeoutMs ?? 30_000);
  } finally {
    await traffic.stop();
  }
}

async function measureFor(
  traffic: Traffic,
  seconds: number,
  warmUpSeconds: number,
): Promise<SendResult> {
  const ended = traffic.sent().then(() => {
    throw new Error('The sender ended before the measurement');
  });
  // Stopping the traffic rejects it as well, when nobody waits any more.
  ended.catch(() => {});
  await Promise.race([delay(warmUpSeconds * 1000), ended]);
  const before = await traffic.received();
  await Promise.race([delay(seconds * 1000), ended]);
  const after = await traffic.received();
  return {
    receivedBytes: after.bytes - before.bytes,
    seconds: (after.nowMs - before.nowMs) / 1000,
  };
}

/** A UDP receiver cannot know that no more comes: this long without a datagram is the end. */
const QUIET_MS = 500;

async function measureAll(traffic: Traffic, bytes: number, timeoutMs: number): Promise<SendResult> {
  const tooLate = delay(timeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`${bytes} bytes were not sent within ${timeoutMs} ms`);
  });
  await Promise.race([traffic.sent(), tooLate]);
  const { nowMs: sentMs } = await traffic.received();
  const probe = async () => {
    const now = await traffic.received();
    const quiet = now.nowMs - Math.max(sentMs, now.lastMs ?? 0) > QUIET_MS;
    return quiet || now.bytes >= bytes || now.ended ? now : null;
  };
  const end = await waitFor('the last bytes', probe, { everyMs: 10 });
  return {
    receivedBytes: end.bytes,
    seconds: ((end.lastMs ?? 0) - (end.firstMs ?? 0)) / 1000,
  };
}
