import { existsSync } from 'node:fs';
import { AppError } from '../../domain/errors.ts';
import { openBesideServer } from '../../store/database/open-beside-server.ts';
import { openSecretBox } from '../../store/files/secret-box.ts';
import { type ManagedPeer, managedPeers } from '../../store/managed-peers.ts';
import type { Answer, Shell } from '../shell.ts';

/** Prints the managed peers of an interface as wg-quick(8) reads them, with their preshared keys. */
export async function exportCommand({ config, now }: Shell, name: string): Promise<Answer> {
  const db = await openBesideServer(config.databaseUrl, { mayMake: false });
  try {
    const sealed = await managedPeers(db, name, now);
    const peers = await withKeys(sealed, config.secretKeyFile);
    return {
      json: peers,
      lines: peers.flatMap(sectionOf),
      note: {
        en: `${peers.length} managed peers of ${name}. To keep them without wgql, append these lines to the file of the interface, such as /etc/wireguard/${name}.conf.`,
        zh: `${name} 有 ${peers.length} 个托管的对等节点。如需在没有 wgql 时保留它们，请将这些行追加到接口的文件，例如 /etc/wireguard/${name}.conf。`,
      },
    };
  } finally {
    await db.$disconnect();
  }
}

async function withKeys(peers: readonly ManagedPeer[], keyFile: string): Promise<ManagedPeer[]> {
  if (peers.every(({ presharedKey }) => presharedKey === null)) return [...peers];
  if (!existsSync(keyFile)) throw noKeyFile(keyFile);
  const secrets = await openSecretBox(keyFile);
  return peers.map((peer) => ({
    ...peer,
    presharedKey: peer.presharedKey === null ? null : secrets.open(peer.presharedKey),
  }));
}

/** The lines of a peer that must be absent are comments, in the form that PiVPN gives to disabled clients. */
function sectionOf({ nickname, isPresent, ...peer }: ManagedPeer): string[] {
  const lines = [
    '[Peer]',
    ...(nickname === '' ? [] : [`# friendly_name = ${nickname}`]),
    `PublicKey = ${peer.publicKey}`,
    ...(peer.presharedKey === null ? [] : [`PresharedKey = ${peer.presharedKey}`]),
    ...(peer.allowedIps === '' ? [] : [`AllowedIPs = ${peer.allowedIps.replaceAll(',', ', ')}`]),
    ...(peer.persistentKeepalive === null
      ? []
      : [`PersistentKeepalive = ${peer.persistentKeepalive}`]),
  ];
  return [...lines.map((line) => (isPresent ? line : `#[disabled] ${line}`)), ''];
}

function noKeyFile(file: string): AppError {
  return new AppError('NOT_FOUND', {
    en: `There is no key file ${file}, which decrypts the preshared keys; check WGQL_SECRET_KEY_FILE.`,
    zh: `没有用于解密预共享密钥的密钥文件 ${file}；请检查 WGQL_SECRET_KEY_FILE。`,
  });
}
