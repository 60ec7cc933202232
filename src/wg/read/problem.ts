import type { Text } from '../../domain/errors.ts';
import type { Snapshot } from '../../domain/wireguard/snapshot.ts';

/** The first current problem of reading, with the interface or the peer it concerns, or null. */
export function readingProblem(snapshot: Snapshot): Text | null {
  for (const { name, read } of snapshot.interfaces) {
    if (read.kind === 'unknown') return about(name, read.reason);
    const [unknownPeer] = read.unknownPeers;
    if (unknownPeer !== undefined) {
      return about(`${name} (${unknownPeer.publicKey})`, unknownPeer.reason);
    }
  }
  return snapshot.notice;
}

function about(subject: string, reason: Text): Text {
  return { en: `${subject}: ${reason.en}`, zh: `${subject}：${reason.zh}` };
}
