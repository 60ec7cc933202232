import { readdir, readFile } from 'node:fs/promises';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import { connectClient, openSocket, socketUrl, watch } from '../../live/support.ts';
import { type Fleet, startFleet, stateOf } from '../../rest/support.ts';

const times = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

/** Fragments that each use the next one several times: a short document with an astronomical number of fields. */
const bomb = (end: string) =>
  `{ user(id: 1) { ...F0 } } ${times(60, (i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`)}
   fragment F60 on User { ${end} }`;

/** Documents that must be rejected, and the expected messages. */
const REFUSED: readonly (readonly [name: string, query: string, said: RegExp])[] = [
  ['tokens', `{ status { ${times(2_000, () => 'demo')} } }`, /2000 tokens/],
  ['aliases', `{ ${times(51, (i) => `a${i}: status { demo }`)} }`, /more than 50 aliases/],
  [
    'aliases in fragments',
    `{ user(id: 1) { ${times(9, () => '...F')} } } fragment F on User { ${times(6, (i) => `a${i}: id`)} }`,
    /more than 50 aliases/,
  ],
  [
    'aliases of the schema',
    `{ ${times(51, (i) => `a${i}: __schema { types { name } }`)} }`,
    /more than 50 aliases/,
  ],
  [
    'directives',
    `{ status { demo ${times(51, () => '@include(if: true)')} } }`,
    /more than 50 directives/,
  ],
  [
    'unknown directives',
    `{ status { demo ${times(600, () => '@x')} } }`,
    /more than 50 directives/,
  ],
  [
    'depth',
    `{ users { edges { node { ${times(4, () => 'sessions { edges { node { user {')} id ${'} } } } '.repeat(4)} } } } }`,
    /more than 12 levels/,
  ],
  [
    'depth in fragments',
    `{ user(id: 1) { ...F0 } } ${times(5, (i) => `fragment F${i} on User { session { user { session { user { ...F${i + 1} } } } } }`)} fragment F5 on User { id }`,
    /more than 12 levels/,
  ],
  [
    'depth of the schema',
    `{ __schema { ${'types { fields { type { '.repeat(1)}fields { type { fields { type { fields { name } } } } } } } } } }`,
    /introspection depth/,
  ],
  ['a bomb of fragments', bomb('id nickname'), /more than 1000 fields/],
  [
    'a circle of fragments',
    '{ user(id: 1) { ...A } } fragment A on User { ...B } fragment B on User { ...A }',
    /within itself/,
  ],
  ['fields that are the same', `{ ${times(490, () => 'status { demo }')} }`, /aborted|more than/],
  [
    'lists in lists',
    '{ users(first: 1000) { edges { node { sessions(first: 1000) { edges { node { id } } } } } } }',
    /could return 3102100 values, but at most 100000/,
  ],
  [
    'lists in lists by default',
    '{ users(first: 1000) { edges { node { sessions { edges { node { id } } } } } } }',
    /could return \d+ values/,
  ],
  [
    'pages longer than any',
    '{ users(first: 2000000000) { edges { node { sessions(first: 2000000000) { totalCount } } } } }',
    /could return \d+ values/,
  ],
  [
    'a page that is made up for by a negative one',
    '{ users(first: 1000) { edges { node { sessions(first: 1000) { edges { node { id } } } } } } sessions(first: -2000000000) { edges { node { id } } } }',
    /could return \d+ values/,
  ],
  [
    'long series of many',
    '{ users(first: 1000) { edges { node { traffic(bucket: QUARTER_HOUR) { rx } } } } }',
    /could return \d+ values/,
  ],
  [
    'months of ages',
    '{ traffic(bucket: MONTH, from: "1200-01-01T00:00:00Z", timeZone: "America/New_York") { rx } }',
    /could return 110\d\d\d values/,
  ],
  [
    'series of everybody who is online',
    'subscription { presence { user { traffic(bucket: QUARTER_HOUR) { rx } } } }',
    /could return 197001 values/,
  ],
  [
    'lists of everybody who moves bytes',
    'subscription { liveTraffic { user { sessions(first: 1) { totalCount } } } }',
    /could return \d+ values/,
  ],
];

/** All fields that a page shows of a user. */
const WHOLE_USER = `
  id publicKey nickname mail phone note interface allowedIps persistentKeepalive enabled managed
  isOnline endpoint lastSeenAt bandwidthLimit dataLimit expiresAt totalRx totalTx createdAt updatedAt
  usage { today { rx tx } month { rx tx } total { rx tx } }
  quota { limit used left period resetsAt }
  enforcement { desired applied reason lastError since }`;

interface Refusal {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** Returns the first error of a query over each transport. */
const TRANSPORTS: readonly (readonly [string, (app: Fleet, query: string) => Promise<Refusal>])[] =
  [
    ['POST', async (app, query) => (await app.graphql(query)).errors?.[0] as Refusal],
    [
      'GET',
      async (app, query) => {
        const { body } = await app.rest(`/graphql?query=${encodeURIComponent(query)}`);
        return body.errors[0];
      },
    ],
    [
      'server-sent events',
      async (app, query) => {
        const accept = { accept: 'text/event-stream' };
        const { text } = await app.post('/graphql', { query }, accept);
        return JSON.parse(/^data: (.*errors.*)$/m.exec(text)?.[1] ?? '').errors[0];
      },
    ],
    [
      'WebSocket',
      async (app, query) => {
        const one = await openSocket(socketUrl(app));
        one.send({ id: 'q', type: 'subscribe', payload: { query } });
        const message = await Promise.any([one.received('error', 'q'), one.received('next', 'q')]);
        one.socket.terminate();
        const payload = message.payload as Refusal[] | { readonly errors: Refusal[] };
        return (Array.isArray(payload) ? payload[0] : payload.errors[0]) as Refusal;
      },
    ],
  ];

/** For tests whose operations change nothing. */
const fleet = shared(() => startFleet());

describe('an operation that costs too much', () => {
  it.each(TRANSPORTS)('is rejected over %s, and the server continues to run', async (name, ask) => {
    const app = fleet();
    for (const [what, query, said] of REFUSED) {
      // Node.js does not accept longer URLs.
      if (name === 'GET' && encodeURIComponent(query).length > 15_000) continue;
      const error = await ask(app, query);
      expect.soft(error?.message, what).toMatch(said);
      expect.soft(error?.extensions.code, what).toBe('INVALID_ARGUMENT');
    }
    expect((await app.rest('/api/status')).status).toBe(200);
  });

  it('with 50 000 aliases is rejected', async () => {
    const app = fleet();
    const { errors } = await app.graphql(
      `{ ${times(50_000, (i) => `a${i}:__typename`)} }`.slice(0, 99_000),
    );
    expect(errors?.[0]?.message).toMatch(/2000 tokens/);
    const whole = await app.graphql(`{ ${times(50_000, (i) => `a${i}:__typename`)} }`);
    expect(whole.errors?.[0]?.extensions.code).toBe('PAYLOAD_TOO_LARGE');
  });

  it('changes nothing, and sends nothing to subscribers', async () => {
    const app = fleet();
    const before = await stateOf(app);
    const kicks = times(51, (i) => `a${i}: setUserEnabled(id: 1, enabled: false) { user { id } }`);
    expect((await app.graphql(`mutation { ${kicks} }`)).errors).toHaveLength(1);
    const deep = times(3, () => 'sessions(first: 1000) { edges { node { user {');
    const change = `mutation { setUserEnabled(id: 1, enabled: false) { user { ${deep} id ${'} } } } '.repeat(3)} } } }`;
    const { errors, data } = await app.graphql(change);
    expect(errors?.[0]?.message).toMatch(/could return|levels/);
    expect(data).toBeUndefined();
    expect(await stateOf(app)).toEqual(before);
    const one = await openSocket(socketUrl(app));
    const query = `subscription { presence { user { ${deep} id ${'} } } } '.repeat(3)} } } }`;
    one.send({ id: 's', type: 'subscribe', payload: { query } });
    const { payload } = await one.received('next', 's');
    expect(payload).toMatchObject({ errors: [{ extensions: { code: 'INVALID_ARGUMENT' } }] });
    await one.received('complete', 's');
  });

  it('is also recognized from its variables, at every execution', async () => {
    const app = fleet();
    const query = `query ($n: Int!) { users(first: $n) { edges { node { sessions(first: $n) { edges { node { id } } } } } } }`;
    expect((await app.graphql(query, { n: 5 })).errors).toBeUndefined();
    expect((await app.graphql(query, { n: 1000 })).errors?.[0]?.message).toMatch(/could return/);
    expect((await app.graphql(query, { n: 5 })).errors).toBeUndefined();
  });

  it('is reported in the language of the client', async () => {
    const app = fleet();
    const chinese = { 'accept-language': 'zh' };
    for (const [name, said] of [
      ['aliases', /文档超过 50 个别名/],
      ['lists in lists', /最多允许 100000 个/],
    ] as const) {
      const query = REFUSED.find(([what]) => what === name)?.[1] ?? '';
      const { errors } = await app.graphql(query, {}, chinese);
      expect(errors?.[0]?.message).toMatch(said);
    }
  });
});

describe('an ordinary operation', () => {
  it('is executed: introspection by tools, and all fields of a whole page of users', async () => {
    const app = fleet();
    for (const query of [
      getIntrospectionQuery(),
      getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
      }),
      `{ users(first: 1000) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${WHOLE_USER}
          session { id startedAt lastSeenAt endpoint rx tx } } } } }`,
      '{ users(first: 100) { edges { node { nickname traffic(bucket: HOUR) { start rx tx } } } } }',
      '{ users(first: 100) { edges { node { nickname traffic(bucket: MONTH) { start rx tx } } } } }',
      '{ user(id: 1) { sessions(first: 1000) { edges { node { id startedAt endedAt rx tx endReason user { id } } } } } }',
      '{ traffic(bucket: QUARTER_HOUR, from: "2026-01-01T00:00:00Z") { start end rx tx estimated } }',
    ]) {
      const { errors } = await app.graphql(query);
      expect(errors, query.slice(0, 80)).toBeUndefined();
    }
  });

  it('is streamed: all displayed fields of all users, and series of some users', async () => {
    const app = fleet();
    const client = connectClient(app);
    for (const query of [
      `subscription { presence { isOnline at session { id startedAt lastSeenAt endpoint rx tx }
        user { ${WHOLE_USER} } } }`,
      'subscription { presence(userIds: [1, 2]) { user { traffic(bucket: HOUR) { start rx tx } } } }',
    ]) {
      const feed = watch(client, query);
      expect(await feed.next(), query.slice(0, 80)).toHaveLength(1);
    }
  });

  it('is not rejected for its cost, for any of the typed queries and mutations', async () => {
    const app = fleet();
    const folder = new URL('../../graphql/documents/', import.meta.url);
    for (const name of await readdir(folder)) {
      const query = await readFile(new URL(name, folder), 'utf8');
      for (const [, operationName] of query.matchAll(/^(?:query|mutation) (\w+)/gm)) {
        const { body } = await app.post('/graphql', { query, operationName });
        const messages = JSON.stringify(body?.errors ?? []);
        expect(messages, operationName).not.toMatch(/more than|could return/);
      }
    }
  });
});

describe('an operation that takes too long', () => {
  /** A change that waits for WireGuard, which never responds. */
  const hangingFleet = async () => {
    const app = await startFleet({ limits: { operationWithinMs: 400 } });
    let isAsked: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Must happen before the program is stopped, which waits for running work.
    onTestFinished(() => release());
    Object.assign(app.wireguard.commands, {
      remove: () => {
        isAsked();
        return released;
      },
    });
    return { app, asked, release: () => release() };
  };

  it('ends with an error in either API and over a WebSocket, while a stream continues', async () => {
    const { app } = await hangingFleet();
    const one = await openSocket(socketUrl(app));
    const dashboard = 'subscription { dashboard { totalUsers } }';
    one.send({ id: 'live', type: 'subscribe', payload: { query: dashboard } });
    await one.received('next', 'live');
    const query = 'mutation { kickUser(id: 1) { user { id } } }';
    const { errors } = await app.graphql(query);
    expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(errors?.[0]?.message).toMatch(/longer than 0.4 seconds/);
    const rest = await app.rest('/api/users/1/kick');
    expect(rest.status).toBe(503);
    expect(rest.body).toMatchObject({ status: 'error', code: 'UNAVAILABLE' });
    one.send({ id: 'k', type: 'subscribe', payload: { query } });
    const { payload } = await one.received('next', 'k');
    expect(payload).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    expect(one.messages.some(({ id, type }) => id === 'live' && type !== 'next')).toBe(false);
    expect((await app.rest('/api/status')).status).toBe(200);
  });

  it('does not execute its next field', async () => {
    const { app, asked, release } = await hangingFleet();
    const query = `mutation { kickUser(id: 1) { user { id } } setUserEnabled(id: 2, enabled: false) { user { id } } }`;
    const answer = app.graphql(query);
    await asked;
    expect((await answer).errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    release();
    await app.polled();
    const { data } = await app.graphql('{ user(id: 2) { enabled } }');
    expect(data).toEqual({ user: { enabled: true } });
  });
});
