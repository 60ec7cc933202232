import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import {
  CreateUserDocument,
  LiveDashboardDocument,
  PresenceDocument,
  UpdateUserDocument,
  UserByKeyDocument,
  UsersDocument,
} from '../generated/graphql.ts';
import { connectClient, within } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

/** Sends a document as a typed client does; the result has the type of the document. */
async function run<Data, Variables>(
  app: TestApp,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const answer = await app.graphql(print(document), variables as Record<string, unknown>);
  expect(answer.errors).toBeUndefined();
  return answer.data as Data;
}

describe('a client with types generated from schema.graphql', () => {
  it('reads and changes users', async () => {
    const app = await startFleet();
    const publicKey = newPublicKey();
    const created = await run(app, CreateUserDocument, {
      input: { publicKey, nickname: 'typed', dataLimit: 1, expiresAt: '2030-01-01T00:00:00Z' },
    });
    const { id } = created.createUser.user;
    const updated = await run(app, UpdateUserDocument, { id, input: { enabled: false } });
    expect(updated.updateUser.user.enforcement).toMatchObject({
      desired: 'ABSENT',
      reason: 'DISABLED',
    });
    const { user } = await run(app, UserByKeyDocument, { publicKey });
    expect(user).toMatchObject({
      id,
      nickname: 'typed',
      isOnline: false,
      totalRx: '0',
      expiresAt: '2030-01-01T00:00:00.000Z',
      session: null,
      quota: { limit: '1048576', used: '0', period: 'NONE' },
    });
    expect(user?.traffic).toHaveLength(30);
    const { users } = await run(app, UsersDocument, {
      first: 2,
      filter: { online: false },
      orderBy: { field: 'ID', descending: true },
    });
    expect(users.totalCount).toBe(2);
    expect(users.edges.map(({ node }) => node.id)).toEqual([id, '2']);
    expect(users.pageInfo).toEqual({ hasNextPage: false, endCursor: '2' });
  });

  it('subscribes to presence and the dashboard', async () => {
    const app = await startFleet();
    const client = connectClient(app);
    const presence = client.iterate<{ presence: { user: { id: string } }[] }>({
      query: print(PresenceDocument),
      variables: { userIds: ['1'] },
    });
    const { value } = await within('presence', presence.next());
    expect(value.data.presence.map(({ user }: { user: { id: string } }) => user.id)).toEqual(['1']);
    const dashboard = client.iterate({ query: print(LiveDashboardDocument) });
    const first = await within('the dashboard', dashboard.next());
    expect(first.value.data).toEqual({
      dashboard: { totalUsers: 2, onlineUsers: 1, totalRx: '0' },
    });
  });
});
