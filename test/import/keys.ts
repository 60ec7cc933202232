import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Imported, ImportedPeer } from '../../src/import/imported.ts';

/** A key that is the same in each run; no real peer has it. */
export function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64');
}

/** The private key of the server or a client, which may be in no result. */
export function privateKeyOf(name: string): string {
  return keyOf(`private ${name}`);
}

/** A peer about which a file says nothing but its key. */
export const BARE: Omit<ImportedPeer, 'publicKey'> = {
  interface: null,
  nickname: '',
  mail: '',
  note: '',
  enabled: true,
  expiresAt: null,
  allowedIps: [],
  persistentKeepaliveSeconds: null,
  presharedKey: null,
  dataLimitMb: null,
  totals: null,
};

/** Everything that a command would print about a file: not the peers, whose preshared keys are kept. */
export function messagesOf({ left, problems }: Imported): string {
  return JSON.stringify([left, problems]);
}

/** Expects that private keys are nowhere, and preshared keys only where they belong. */
export function expectNoSecrets(
  imported: Imported,
  secrets: { readonly privateKeys: readonly string[]; readonly presharedKeys?: readonly string[] },
): void {
  const everything = inspected(imported);
  for (const key of secrets.privateKeys) expect(everything).not.toContain(key);
  const messages = messagesOf(imported);
  for (const key of [...secrets.privateKeys, ...(secrets.presharedKeys ?? [])]) {
    expect(messages).not.toContain(key.slice(0, 20));
  }
}

function inspected(imported: Imported): string {
  return JSON.stringify(imported, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
}
