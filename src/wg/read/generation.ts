import { readFileSync, readlinkSync, statSync } from 'node:fs';
import type { Generation } from '../../domain/wireguard/snapshot.ts';
import { orNull } from './system-files.ts';

/** Counters do not survive a reboot, and another network namespace has other interfaces. */
export function hostGeneration(): Generation {
  const bootId = orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = orNull(() => readlinkSync('/proc/self/ns/net'));
  return {
    ...(bootId !== null && { boot: bootId.trim() }),
    ...(namespace !== null && { netns: namespace }),
  };
}

/**
 * A restarted daemon has another socket. The change time of the socket is not used: a chown, which gives a
 * group access, changes it, while the modification time stays that of the creation.
 */
export function socketIdentity(path: string): string | null {
  const socket = orNull(() => statSync(path, { bigint: true }));
  return socket === null ? null : `${socket.ino}:${socket.mtimeNs}`;
}
