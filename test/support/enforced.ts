import { randomBytes } from 'node:crypto';
import { type FakeInterface, type FakePeer, newPublicKey } from './fake-wireguard.ts';
import { plant } from './outlet.ts';
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.ts';

interface Start {
  readonly app: TestApp;
  readonly wg0: FakeInterface;
  readonly id: string;
}

/** What the program answers about a user and what it does to it; null when there is none. */
export async function userOf(app: TestApp, publicKey: string) {
  const { data } = await app.graphql(
    `query ($key: String) { user(publicKey: $key) {
       id managed interface allowedIps enabled isOnline quota { used limit left period resetsAt }
       enforcement { desired applied reason lastError } } }`,
    { key: publicKey },
  );
  return data.user;
}

export async function eventTypes(app: TestApp, id: string): Promise<string[]> {
  const { data } = await app.graphql(
    `{ events(first: 1000, filter: { userIds: ["${id}"] }) { edges { node { type } } } }`,
  );
  return data.events.edges.map(({ node }: { node: { type: string } }) => node.type);
}

/** What the log says of a user, who or what caused it included. */
export async function eventsOf(
  app: TestApp,
  id: string,
): Promise<{ type: string; actor: string | null; reason: string | null }[]> {
  const { data } = await app.graphql(
    `{ events(first: 1000, filter: { userIds: ["${id}"] }) { edges { node { type actor reason } } } }`,
  );
  return data.events.edges.map(({ node }: { node: object }) => node);
}

export function updateUser(app: TestApp, id: string, input: string) {
  return app.graphql(`mutation { updateUser(id: "${id}", input: { ${input} }) { user { id } } }`);
}

/** Enough polls for what is declared to be done, and to be looked at again. */
export async function polls(app: TestApp, count = 3): Promise<void> {
  for (let poll = 0; poll < count; poll++) await app.polled();
}

export const newPresharedKey = () => plant(randomBytes(32).toString('base64'));

/** A program that has discovered one peer of wg0, which `prepare` may have laid out. */
export async function startWithPeer(
  options: TestAppOptions = {},
): Promise<Start & { readonly peer: FakePeer }> {
  const app = await startTestApp(options);
  const wg0 = app.wireguard.interface();
  const [known] = wg0.peers.values();
  const peer = known ?? wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
  await app.polled();
  return { app, wg0, peer, id: (await userOf(app, peer.publicKey)).id };
}

/** A program that has created one user and put it on wg0. */
export async function startWithUser(
  fields: Record<string, unknown> = {},
): Promise<Start & { readonly publicKey: string }> {
  const app = await startTestApp();
  const wg0 = app.wireguard.interface();
  await app.polled();
  const publicKey = newPublicKey();
  await app.post('/api/users/create', { peer_pubkey: publicKey, ...fields });
  await polls(app);
  return { app, wg0, publicKey, id: (await userOf(app, publicKey)).id };
}
