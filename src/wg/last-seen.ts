import type { InterfaceSnapshot } from '../domain/wireguard/snapshot.ts';
import { truncated } from './read/fields.ts';

/**
 * Treats a read as unknown if it lacks a property that the interface had before and cannot have lost: the
 * index of its device, without which a re-created interface cannot be detected, or its key, whose absence
 * means that a seemingly complete response was cut off.
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
