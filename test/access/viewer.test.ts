import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { polls } from '../fixtures/enforcement-app.ts';
import { query, subscription } from '../fixtures/every-field.ts';
import { shared } from '../fixtures/shared.ts';
import { makeStaff, type Staff } from '../fixtures/tokens.ts';
import { expectError } from '../graphql/support.ts';
import { connectClient, watch, watchEvents } from '../live/support.ts';
import { type Fleet, startFleet } from '../rest/support.ts';

const MAIL = 'canary@mail.example';
const PHONE = '+86-555-canary';
const NOTE = 'the note of canary';
const OWNER = 'the owner of canary';
const TAG = 'the tag of canary';
const ENDPOINT = '198.51.100.77';
const ALLOWED_IP = '10.8.77.77/32';
const PERSONAL = [MAIL, PHONE, NOTE, OWNER, TAG, ENDPOINT, ALLOWED_IP];

const QUERIES = [
  query('users'),
  query('user', '(id: "1")'),
  query('sessions'),
  query('events'),
  query('dashboard'),
  query('status'),
  query('traffic', '(bucket: DAY)'),
  '{ users { edges { node { sessions { edges { node { endpoint user { mail endpoint } } } } } } } }',
  '{ sessions { edges { node { endpoint user { mail phone note allowedIps endpoint } } } } }',
  '{ events { edges { node { endpoint session { endpoint } user { mail endpoint } } } } }',
];
const PATHS = [
  '/api/users',
  '/api/users/management',
  '/api/users/management?search=canary',
  '/api/events',
  '/api/events/history',
  '/api/status',
  '/api/dashboard',
  '/api/traffic/chart',
];

/** A user with all personal data set; `moveOn` changes its endpoint and adds traffic. */
async function startWithPerson(): Promise<{ app: Fleet; staff: Staff; moveOn(): void }> {
  const app = await startFleet();
  const wg0 = app.wireguard.interface();
  const endpoint = `${ENDPOINT}:4242`;
  const known = { nickname: 'Known', mail: MAIL, phone: PHONE, note: NOTE, owner: OWNER };
  const { errors } = await app.graphql(
    'mutation ($input: UpdateUserInput!) { updateUser(id: "1", input: $input) { user { id } } }',
    { input: { ...known, tags: [TAG] } },
  );
  expect(errors).toBeUndefined();
  let port = 4242;
  const moveOn = () => {
    app.clock.advance(1000);
    app.online.endpoint = `${ENDPOINT}:${port++}`;
    app.online.rxBytes += 1000n;
    wg0.shakeHands(app.online);
  };
  app.online.endpoint = endpoint;
  app.online.allowedIps = [ALLOWED_IP];
  moveOn();
  await polls(app);
  return { app, staff: await makeStaff(app), moveOn };
}

describe('a viewer', () => {
  // For tests that at most move the user on.
  const person = shared(startWithPerson);

  it('reads everything except personal data, which an operator can read', async () => {
    const { app, staff } = person();
    const seen = { viewer: '', operator: '' };
    for (const role of ['viewer', 'operator'] as const) {
      const { headers } = staff[role];
      for (const document of QUERIES) {
        const { data, errors } = await app.graphql(document, {}, headers);
        expect(errors, document).toBeUndefined();
        seen[role] += JSON.stringify(data);
      }
      for (const path of PATHS) {
        const { status, text } = await app.rest(path, { headers });
        expect(status).toBe(200);
        seen[role] += text;
      }
    }
    for (const text of PERSONAL) {
      expect(seen.operator).toContain(text);
      expect(seen.viewer).not.toContain(text);
    }
    expect(seen.viewer).toContain('ENDPOINT_CHANGED');
    expect(seen.viewer).toContain('Known');
  });

  it('gets null from GraphQL and every key with "" from REST', async () => {
    const { app, staff } = person();
    const { headers } = staff.viewer;
    const { data } = await app.graphql(
      `{ user(id: "1") { mail phone note owner tags allowedIps endpoint session { endpoint } }
         events(first: 1000, filter: { types: [ENDPOINT_CHANGED] }) { edges { node { endpoint } } } }`,
      {},
      headers,
    );
    expect(data.user).toEqual({
      mail: null,
      phone: null,
      note: null,
      owner: null,
      tags: [],
      allowedIps: null,
      endpoint: null,
      session: { endpoint: null },
    });
    expect(data.events.edges[0]).toEqual({ node: { endpoint: null } });
    for (const path of PATHS.slice(0, 5)) {
      const mine = (await app.rest(path.replace('canary', ''), { headers })).body;
      const whole = (
        await app.rest(path.replace('canary', ''), { headers: staff.operator.headers })
      ).body;
      expect(mine.map(Object.keys)).toEqual(whole.map(Object.keys));
      for (const row of mine) {
        for (const key of ['mail', 'phone', 'login_ip', 'endpoint_info']) {
          if (key in row) expect(row[key], `${path} ${key}`).toBe('');
        }
      }
    }
  });

  it('finds no user by personal data, but every user by nickname and public key', async () => {
    const { app, staff } = person();
    const hits = async (role: keyof Staff, search: string) => {
      const { headers } = staff[role];
      const { data } = await app.graphql(
        'query ($search: String) { users(filter: { search: $search }) { totalCount } }',
        { search },
        headers,
      );
      const path = `/api/users/management?search=${encodeURIComponent(search)}`;
      const rest = await app.rest(path, { headers });
      expect(rest.body).toHaveLength(data.users.totalCount);
      return data.users.totalCount;
    };
    expect(await hits('operator', 'CANARY@')).toBe(1);
    expect(await hits('viewer', 'CANARY@')).toBe(0);
    expect(await hits('viewer', 'knoWN')).toBe(1);
    expect(await hits('viewer', app.online.publicKey.slice(3, 20))).toBe(1);
  });

  it.each([
    ['an owner', `{ users(filter: { owner: "${OWNER}" }) { totalCount } }`],
    ['a tag', `{ users(filter: { tag: "${TAG}" }) { totalCount } }`],
    ['the owner of no user', '{ users(filter: { owner: "x" }) { totalCount } }'],
  ])('may not ask for the users of %s, which an operator may', async (_, document) => {
    const { app, staff } = person();
    expectError(await app.graphql(document, {}, staff.viewer.headers), 'FORBIDDEN');
    const { errors } = await app.graphql(document, {}, staff.operator.headers);
    expect(errors).toBeUndefined();
  });

  it('subscribes to everything except personal data, over sockets and server-sent events', async () => {
    const { app, staff, moveOn } = person();
    const documents = [
      // All fields of all users would exceed the cost limit.
      subscription('presence', '(userIds: ["1"])'),
      subscription('liveTraffic', '(userIds: ["1"])'),
      subscription('events', '(after: "0")'),
      subscription('events', '(types: [ENDPOINT_CHANGED])'),
      subscription('dashboard'),
      subscription('status'),
    ];
    const seen = { viewer: '', operator: '' };
    for (const role of ['operator', 'viewer'] as const) {
      const { secret, headers } = staff[role];
      const client = connectClient(app, { authorization: `Bearer ${secret}` });
      const feeds = await Promise.all(
        documents.flatMap((document) => [
          watch(client, document),
          watchEvents(app, document, {}, headers),
        ]),
      );
      // A snapshot or replay shows that a subscription is active; for the others, changes are made until they send.
      const firsts = Promise.all(feeds.map((feed) => feed.next()));
      let isThere = false;
      const note = () => {
        isThere = true;
      };
      firsts.then(note, note);
      while (!isThere) {
        moveOn();
        await app.polled();
      }
      seen[role] = JSON.stringify(await firsts);
      const replayed = feeds[4];
      for (let type = ''; type !== 'ENDPOINT_CHANGED'; ) {
        const event = await replayed?.next();
        type = event.type;
        seen[role] += JSON.stringify(event);
      }
      await Promise.all(feeds.map((feed) => feed.stop()));
    }
    for (const text of PERSONAL) {
      expect(seen.operator, text).toContain(text);
      expect(seen.viewer, text).not.toContain(text);
    }
    expect(seen.viewer).toContain('ENDPOINT_CHANGED');
  });

  it('does not receive what an operator with the same subscription receives', async () => {
    const { app, staff, moveOn } = await startWithPerson();
    const document = 'subscription { presence { isOnline user { mail endpoint } } }';
    const open = async ({ secret, headers }: Staff['viewer']) => [
      watch(connectClient(app, { authorization: `Bearer ${secret}` }), document),
      await watchEvents(app, document, {}, headers),
    ];
    const operator = await open(staff.operator);
    const viewer = await open(staff.viewer);
    const nextOf = (feeds: typeof viewer) => Promise.all(feeds.map((feed) => feed.next()));
    const known = [expect.objectContaining({ user: { mail: MAIL, endpoint: expect.any(String) } })];
    const hidden = [expect.objectContaining({ user: { mail: null, endpoint: null } })];
    expect(await nextOf(operator)).toEqual([known, known]);
    expect(await nextOf(viewer)).toEqual([hidden, hidden]);
    app.clock.advance(600_000);
    await app.polled();
    expect(await nextOf(viewer)).toEqual([hidden, hidden]);
    expect(await nextOf(operator)).toEqual([known, known]);
    moveOn();
    expect(await nextOf(operator)).toEqual([known, known]);
    expect(await nextOf(viewer)).toEqual([hidden, hidden]);
  });

  it('sees that a limit failed, but not the addresses', async () => {
    const { app, staff } = await startWithPerson();
    const reason = { en: `It collides at ${ALLOWED_IP}.`, zh: `与 ${ALLOWED_IP} 冲突。` };
    app.wireguard.commands.remove = async () => {
      throw new AppError('UNAVAILABLE', reason);
    };
    await app.post('/api/users/1/disable', {}, staff.operator.headers);
    await polls(app);
    const document = `{ user(id: "1") { enforcement { lastError } }
      events(first: 1000, filter: { types: [LIMIT_FAILED] }) { edges { node { reason } } } }`;
    const operator = await app.graphql(document, {}, staff.operator.headers);
    expect(operator.data).toEqual({
      user: { enforcement: { lastError: reason.en } },
      events: { edges: [{ node: { reason: reason.en } }] },
    });
    const viewer = await app.graphql(document, {}, staff.viewer.headers);
    expect(viewer.data).toEqual({
      user: { enforcement: { lastError: expect.stringMatching(/role operator to see why/) } },
      events: { edges: [{ node: { reason: null } }] },
    });
    const status = await app.graphql('{ status { lastError } }', {}, staff.viewer.headers);
    expect(status.data.status.lastError).toMatch(/some users could not/);
    const rest = await app.rest('/api/status', { headers: staff.viewer.headers });
    const stranger = await app.rest('/readyz');
    for (const text of [rest.text, stranger.text]) expect(text).not.toContain(ALLOWED_IP);
    expect(stranger.body.message).toMatch(/see the status or the log for details/);
  });

  it('does not see which token caused a live or replayed event, nor does an operator', async () => {
    const { app, staff } = await startWithPerson();
    const types = 'types: [USER_UPDATED, USER_DISABLED]';
    const follow = (role: keyof Staff) => {
      const client = connectClient(app, { authorization: `Bearer ${staff[role].secret}` });
      return watch(client, `subscription { events(after: "0", ${types}) { type actor } }`);
    };
    const roles = ['viewer', 'operator', 'admin'] as const;
    const before = roles.map(follow);
    const updated = { type: 'USER_UPDATED', actor: 'local' };
    for (const feed of before) expect(await feed.next()).toEqual(updated);
    await app.post('/api/users/1/disable', {}, staff.admin.headers);
    for (const [index, role] of roles.entries()) {
      const disabled = { type: 'USER_DISABLED', actor: role === 'admin' ? 'ada' : null };
      expect(await before[index]?.next()).toEqual(disabled);
      const replay = follow(role);
      expect([await replay.next(), await replay.next()]).toEqual([updated, disabled]);
      const { data } = await app.graphql(
        `{ events(first: 1000, filter: { ${types} }) { edges { node { type actor } } } }`,
        {},
        staff[role].headers,
      );
      expect(data.events.edges).toEqual([{ node: updated }, { node: disabled }]);
    }
  });
});
