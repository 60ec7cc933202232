import type { InterfaceSnapshot } from '../domain/wireguard/snapshot.ts';
import { truncated } from './read/fields.ts';

/**
 * Takes a reading for unknown that lacks what the interface showed before and cannot have lost: the index
 * of its device, without which a re-created interface passes for the same, and its key, without which a
 * complete-looking answer is the beginning of one.
 */
export function lastSeen(): (reading: InterfaceSnapshot) => InterfaceSnapshot {
  const seen = new Map<string, InterfaceSnapshot>();
  return (reading) => {
    const { name, generation, read } = reading;
    const before = seen.get(name);
    if (read.kind === 'unknown') return reading;
    const hasLostIndex =
      generation.ifindex === undefined && before?.generation.ifindex !== undefined;
    const isSameDaemon = before?.generation.socket === generation.socket;
    const hasLostKey =
      isSameDaemon &&
      before?.read.kind === 'read' &&
      before.read.publicKey !== null &&
      read.publicKey === null;
    if (hasLostIndex || hasLostKey) return { ...reading, read: truncated() };
    seen.set(name, reading);
    return reading;
  };
}
