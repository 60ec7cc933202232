import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../src/access/token.ts';
import { loginStore } from '../../../src/store/access/login.ts';
import { tokenStore } from '../../../src/store/access/token.ts';
import { NOON_MS, temporaryDatabase } from '../../fixtures/test-store.ts';

const NOW = new Date(NOON_MS);
const LATER = new Date(NOON_MS + 1);

describe('deleting old logins', () => {
  it('deletes those that have ended, and those whose token is not in force', async () => {
    const db = await temporaryDatabase();
    const [tokens, logins] = [tokenStore(db), loginStore(db)];
    const command = { actor: 'cli', action: 'createToken', at: NOW } as const;
    const make = async (name: string, expiresAt: Date | null) => {
      const given = { name, role: 'admin', hash: hashOf(name), allowedFrom: null, owner: null };
      await tokens.create({ ...given, expiresAt }, command);
    };
    await make('kept', LATER);
    await make('expired', NOW);
    await make('revoked', null);
    await tokens.revoke({ name: 'revoked' }, { ...command, action: 'revokeToken' });
    const add = (token: string, hash: string, expiresAt = LATER) =>
      logins.add({ tokenHash: hashOf(token), hash, createdAt: NOW, expiresAt, address: null });
    for (const token of ['kept', 'own', 'expired', 'revoked', 'unknown']) await add(token, token);
    await add('kept', 'ended', NOW);
    const left = async () => (await tokens.load()).logins.map(({ hash }) => hash);
    expect(await left()).toHaveLength(6);
    await logins.dropEnded(NOW, 'own');
    expect(await left()).toEqual(['kept', 'own']);
    await logins.dropEnded(NOW, null);
    expect(await left()).toEqual(['kept']);
  });
});
