import { expect } from 'vitest';
import type { TestApp } from './test-app.ts';

export interface MadeToken {
  readonly id: string;
  readonly secret: string;
  /** The headers of its holder. */
  readonly headers: { readonly authorization: string };
}

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** Makes a token over GraphQL: as the administrator whose headers are given, or in open mode. */
export async function makeToken(
  app: TestApp,
  input: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<MadeToken> {
  const { data, errors } = await app.graphql(
    'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret token { id } } }',
    { input },
    headers,
  );
  expect(errors).toBeUndefined();
  const { secret, token } = data.createToken;
  return { id: token.id, secret, headers: bearer(secret) };
}

export interface Staff {
  readonly admin: MadeToken;
  readonly operator: MadeToken;
  readonly viewer: MadeToken;
}

/** A token of each role; open mode ends with the first. */
export async function makeStaff(app: TestApp): Promise<Staff> {
  const admin = await makeToken(app, { name: 'ada', role: 'ADMIN' });
  const operator = await makeToken(app, { name: 'olga', role: 'OPERATOR' }, admin.headers);
  const viewer = await makeToken(app, { name: 'vera', role: 'VIEWER' }, admin.headers);
  return { admin, operator, viewer };
}

export const revoke = (app: TestApp, { id }: MadeToken, { headers }: MadeToken) =>
  app.graphql(
    'mutation ($id: ID!) { revokeToken(id: $id) { token { revokedAt } } }',
    { id },
    headers,
  );
