import type { Database } from './database/open.ts';

/** A peer as wgql declares it. */
export interface ManagedPeer {
  readonly nickname: string;
  readonly publicKey: string;
  /** Sealed. */
  readonly presharedKey: string | null;
  /** Separated by commas. */
  readonly allowedIps: string;
  /** Seconds; null means off. */
  readonly persistentKeepalive: number | null;
  /** false: it is disabled, expired, over its quota, or was removed by others. */
  readonly isPresent: boolean;
}

/** The managed peers of an interface, in the order of their ids. */
export async function managedPeers(db: Database, name: string, now: Date): Promise<ManagedPeer[]> {
  const users = await db.user.findMany({
    where: { managed: true, interface: name },
    orderBy: { id: 'asc' },
  });
  return users.map((user) => ({
    nickname: user.nickname,
    publicKey: user.publicKey,
    presharedKey: user.presharedKey,
    allowedIps: user.allowedIps ?? '',
    persistentKeepalive: user.persistentKeepaliveSeconds,
    isPresent:
      user.enabled &&
      user.cutReason === null &&
      !user.missing &&
      (user.expiresAt === null || user.expiresAt > now),
  }));
}
