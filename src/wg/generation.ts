import { readFile, readlink, stat } from 'node:fs/promises';
import type { Generation } from './reading.ts';
import { orNull } from './system-files.ts';

/** Counters do not survive a reboot, and another network namespace has other interfaces. */
export async function hostGeneration(): Promise<Generation> {
  const bootId = await orNull(readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = await orNull(readlink('/proc/self/ns/net'));
  return {
    ...(bootId !== null && { boot: bootId.trim() }),
    ...(namespace !== null && { netns: namespace }),
  };
}

/**
 * A daemon that was started again has another socket. Its change time is no witness: a chown of the
 * socket, which gives a group access, moves it; the modification time stays at the creation.
 */
export async function socketIdentity(path: string): Promise<string | null> {
  const socket = await orNull(stat(path, { bigint: true }));
  return socket === null ? null : `${socket.ino}:${socket.mtimeNs}`;
}
