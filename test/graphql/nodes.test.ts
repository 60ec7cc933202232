import { describe, expect, it } from 'vitest';
import { logIn } from '../fixtures/logins.ts';
import { shared } from '../fixtures/shared.ts';
import { bearer, makeStaff, makeToken, type Staff } from '../fixtures/tokens.ts';
import { type Fleet, startFleet } from '../rest/support.ts';
import { expectError } from './support.ts';

const NODES = `{
  users { edges { node { __typename id nodeId } } }
  sessions { edges { node { __typename id nodeId } } }
  events { edges { node { __typename id nodeId } } }
  auditLog { edges { node { __typename id nodeId } } }
  status { interfaces { __typename id nodeId } }
  tokens { __typename id nodeId }
  logins { __typename id nodeId } }`;

const NODE = `query ($id: ID!) { node(id: $id) { __typename nodeId
  ... on User { id publicKey } ... on Session { id user { id } } ... on Event { id type }
  ... on AuditEntry { id actor } ... on Interface { id name } ... on Token { id name }
  ... on Login { id token } } }`;

interface Identified {
  readonly __typename: string;
  readonly id: string;
  readonly nodeId: string;
}

interface Staffed extends Fleet {
  readonly staff: Staff;
}

/** A fleet with tokens, and user 1 of the owner Bob. */
const fleet = shared(async (): Promise<Staffed> => {
  const app = await startFleet();
  await app.graphql('mutation { updateUser(id: 1, input: { owner: "Bob" }) { user { id } } }');
  const staff = await makeStaff(app);
  await logIn(app, staff.viewer.secret);
  return { ...app, staff };
});

async function nodesIn(app: Staffed): Promise<Identified[]> {
  const { data, errors } = await app.graphql(NODES, {}, app.staff.admin.headers);
  expect(errors).toBeUndefined();
  const { users, sessions, events, auditLog, status, tokens, logins } = data;
  const lists = [users, sessions, events, auditLog].map(({ edges }) =>
    edges.map(({ node }: { node: Identified }) => node),
  );
  return [...lists.flat(), ...status.interfaces, ...tokens, ...logins];
}

describe('a node id', () => {
  it('is unique among the objects of all types, and finds the same object', async () => {
    const app = fleet();
    const nodes = await nodesIn(app);
    expect(new Set(nodes.map(({ __typename }) => __typename))).toEqual(
      new Set(['User', 'Session', 'Event', 'AuditEntry', 'Interface', 'Token', 'Login']),
    );
    expect(new Set(nodes.map(({ nodeId }) => nodeId)).size).toBe(nodes.length);
    for (const wanted of nodes) {
      const { data } = await app.graphql(NODE, { id: wanted.nodeId }, app.staff.admin.headers);
      expect(data.node).toMatchObject(wanted);
    }
  });

  it('of no object is answered with null', async () => {
    const { staff, ...app } = fleet();
    const encoded = (text: string) => Buffer.from(text).toString('base64url');
    for (const id of [
      ...['', 'User:1', '%', encoded('User'), encoded('User:'), encoded('User:x')],
      ...['User:99', 'User:1e1', 'User:99999999999999999999', 'Event:0', 'Event:-1'].map(encoded),
      ...['Interface:wg9', 'Query:1', 'constructor:1', 'toString:1'].map(encoded),
    ]) {
      const { data, errors } = await app.graphql(NODE, { id }, staff.admin.headers);
      expect([data, errors], id).toEqual([{ node: null }, undefined]);
    }
    const long = await app.graphql(NODE, { id: 'a'.repeat(201) }, staff.admin.headers);
    expectError(long, 'INVALID_ARGUMENT', ['id']);
  });

  it('gives no more than the query for its type', async () => {
    const app = fleet();
    const { viewer, admin } = app.staff;
    const self = await makeToken(app, { name: 'bob', role: 'SELF', owner: 'Bob' }, admin.headers);
    const others = await nodesIn(app);
    const one = (type: string, id?: string) =>
      others.find((node) => node.__typename === type && node.id === (id ?? node.id))?.nodeId ?? '';
    const as = (nodeId: string, secret: string) =>
      app.graphql(NODE, { id: nodeId }, bearer(secret));
    for (const type of ['Token', 'AuditEntry']) {
      expectError(await as(one(type), viewer.secret), 'FORBIDDEN');
      expectError(await as(one(type), self.secret), 'FORBIDDEN');
    }
    expect((await as(one('User', '1'), self.secret)).data.node).toMatchObject({ id: '1' });
    expect((await as(one('User', '2'), self.secret)).data.node).toBeNull();
    expect((await as(one('Event', '1'), self.secret)).data.node).toBeNull();
  });
});
