import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { GraphQLField, GraphQLObjectType, GraphQLResolveInfo } from 'graphql';
import { describe, expect, it } from 'vitest';
import { noToken } from '../../src/access/refusals.ts';
import { createBus } from '../../src/live/bus.ts';
import type { Context } from '../../src/resolvers/context.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import { schema } from '../../src/schema/index.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { type MadeToken, makeStaff, makeToken, type Staff } from '../fixtures/tokens.ts';
import { expectError } from '../graphql/support.ts';
import { startFleet } from '../rest/support.ts';

type RoleName = 'self' | keyof Staff;

/** The role required for each field. A field missing here has not been considered yet. */
const ROLE_OF: Record<string, RoleName> = {
  'Query.users': 'self',
  'Query.user': 'self',
  'Query.sessions': 'self',
  'Query.events': 'self',
  'Query.dashboard': 'self',
  'Query.status': 'self',
  'Query.node': 'self',
  'Query.traffic': 'self',
  'Query.owners': 'operator',
  'Query.tags': 'operator',
  'Query.auditLog': 'admin',
  'Query.tokens': 'admin',
  'Query.me': 'self',
  'Query.logins': 'admin',
  'Query.webhook': 'admin',
  'Query.webhooks': 'admin',
  'Mutation.createUser': 'operator',
  'Mutation.updateUser': 'operator',
  'Mutation.updateUsers': 'operator',
  'Mutation.setUserEnabled': 'operator',
  'Mutation.kickUser': 'operator',
  'Mutation.resetTraffic': 'operator',
  'Mutation.deleteUser': 'operator',
  'Mutation.provisionUser': 'operator',
  'Mutation.importUsers': 'operator',
  'Mutation.updateInterface': 'operator',
  'Mutation.createToken': 'admin',
  'Mutation.revokeToken': 'admin',
  'Mutation.endLogin': 'admin',
  'Mutation.createWebhook': 'admin',
  'Mutation.updateWebhook': 'admin',
  'Mutation.deleteWebhook': 'admin',
  'Mutation.rotateWebhookSecret': 'admin',
  'Mutation.testWebhook': 'admin',
  'Mutation.replayWebhook': 'admin',
  'Mutation.repeatWebhookDelivery': 'admin',
  'Subscription.presence': 'self',
  'Subscription.liveTraffic': 'self',
  'Subscription.dashboard': 'self',
  'Subscription.status': 'self',
  'Subscription.events': 'self',
};

/** Functions that an API calls on the result of a use case, and that therefore need no role. */
const PARTS = [
  ...['addressesOf', 'clientDefaultsOf', 'enforcementOf', 'lastEventId', 'latestSessionOf'],
  ...['linkTo', 'nodeIdOf', 'openSessionOf', 'quotaOf', 'rateOf', 'usageOf', 'userOfSession'],
];

const ROLES: readonly RoleName[] = ['self', 'viewer', 'operator', 'admin'];

/** A token of each role; the one with the role self reads no user. */
async function makeAllRoles(app: TestApp): Promise<Record<RoleName, MadeToken>> {
  const staff = await makeStaff(app);
  const self = { name: 'sam', role: 'SELF', owner: 'Sam' };
  return { ...staff, self: await makeToken(app, self, staff.admin.headers) };
}

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const rootFields = (roots as GraphQLObjectType[]).flatMap((type) =>
  Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const),
);

/** Valid arguments, so that a rejection is caused by the role. */
const ARGUMENTS: Record<string, Record<string, unknown>> = {
  user: { id: '1' },
  node: { id: 'x' },
  traffic: { bucket: 'DAY' },
  createUser: { input: { publicKey: 'x' } },
  updateUser: { id: '1', input: { nickname: 'x' } },
  updateUsers: { ids: ['1'], input: { nickname: 'x' } },
  setUserEnabled: { id: '1', enabled: true },
  kickUser: { id: '1' },
  resetTraffic: { id: '1' },
  deleteUser: { id: '99' },
  provisionUser: { input: {} },
  importUsers: { users: [{ publicKey: 'x' }] },
  updateInterface: { name: 'wg0', input: {} },
  createToken: { input: { name: 'x', role: 'VIEWER' } },
  revokeToken: { id: '99' },
  endLogin: { id: '99' },
  webhook: { id: '99' },
  createWebhook: { input: { url: 'https://192.0.2.1/' } },
  updateWebhook: { id: '99', input: { description: 'x' } },
  deleteWebhook: { id: '99' },
  rotateWebhookSecret: { id: '99' },
  testWebhook: { id: '99' },
  replayWebhook: { id: '99', after: '0' },
  repeatWebhookDelivery: { id: '99' },
};

function documentOf(path: string, { name }: GraphQLField<unknown, unknown>): string {
  const given = Object.entries(ARGUMENTS[name] ?? {});
  const literal = (value: unknown): string =>
    Array.isArray(value)
      ? `[${value.map(literal).join(', ')}]`
      : typeof value === 'object' && value !== null
        ? `{ ${Object.entries(value)
            .map(([key, one]) => `${key}: ${literal(one)}`)
            .join(', ')} }`
        : value === 'DAY' || value === 'VIEWER'
          ? value
          : JSON.stringify(value);
  const list = given.map(([key, value]) => `${key}: ${literal(value)}`).join(', ');
  const operation = path.split('.')[0]?.toLowerCase();
  return `${operation} { ${name}${list && `(${list})`} { __typename } }`;
}

const NOTHING_SELECTED = { fieldNodes: [], fragments: {} } as unknown as GraphQLResolveInfo;

describe('every root field of GraphQL', () => {
  it('has an explicitly assigned role', () => {
    expect(Object.keys(ROLE_OF).sort()).toEqual(rootFields.map(([path]) => path).sort());
  });

  it.each(rootFields)('authenticates before any other step: %s', async (path, field) => {
    const nothing = {
      principal: noToken(),
      language: 'en',
      tracer: null,
      bus: createBus(),
      loaders: { clear: () => {} },
    };
    const ctx = new Proxy(nothing, {
      get: (known, name) => {
        if (name in known) return known[name as keyof typeof known];
        throw new Error(`It looked at ${String(name)}.`);
      },
    }) as unknown as Context;
    const args = ARGUMENTS[field.name] ?? {};
    const resolve = path.startsWith('Subscription') ? field.subscribe : field.resolve;
    const answer = await Promise.resolve()
      .then(() => resolve?.({}, args, ctx, NOTHING_SELECTED) as unknown)
      .catch((error: unknown) => error);
    const first =
      answer instanceof Error ? answer : await (answer as AsyncIterator<unknown>).next();
    expect(first instanceof Error ? first : (first as { value: unknown }).value).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('answers the permitted roles, and rejects the others', async () => {
    const app = await startFleet();
    const staff = await makeAllRoles(app);
    for (const [path, field] of rootFields) {
      if (path.startsWith('Subscription')) continue;
      const needed = ROLES.indexOf(ROLE_OF[path] as RoleName);
      for (const role of ROLES) {
        const answer = await app.graphql(documentOf(path, field), {}, staff[role].headers);
        const code = answer.errors?.[0]?.extensions.code;
        if (ROLES.indexOf(role) < needed) expectError(answer, 'FORBIDDEN');
        else expect(code, `${role} ${path} ${JSON.stringify(answer)}`).not.toBe('FORBIDDEN');
        if (ROLE_OF[path] === 'self') expect(answer.errors, path).toBeUndefined();
      }
    }
  });
});

describe('every path of REST', () => {
  const requestOf = (path: string) => path.replace(':id', '99').replace(':action', 'kick');

  it('can be read by every role and changed by operators', async () => {
    const app = await startFleet();
    const staff = await makeAllRoles(app);
    for (const { method, path, changesState, role } of ROUTES) {
      expect(role, path).toBe(changesState ? 'operator' : 'self');
      const target = requestOf(path);
      const ask = (headers: Record<string, string>) =>
        method === 'POST' ? app.post(target, { nope: 1 }, headers) : app.rest(target, { headers });
      const nobody = await ask({});
      expect([nobody.status, nobody.body.code], path).toEqual([401, 'UNAUTHENTICATED']);
      for (const reader of [staff.self, staff.viewer]) {
        const { status, body } = await ask(reader.headers);
        expect(status, path).toBe(changesState ? 403 : 200);
        if (changesState) expect(body.code).toBe('FORBIDDEN');
      }
      expect([401, 403], path).not.toContain((await ask(staff.operator.headers)).status);
    }
  });
});

describe('the resolvers', () => {
  it('declare a role if an API calls them, or are listed as parts of an authorized response', async () => {
    const source = fileURLToPath(new URL('../../src/', import.meta.url));
    const files = (await readdir(source, { recursive: true })).filter((name) =>
      name.endsWith('.ts'),
    );
    const called = new Set<string>();
    for (const file of files.filter((name) => /^(?:schema|rest|server)\//.test(name))) {
      const text = await readFile(`${source}${file}`, 'utf8');
      for (const [, names = ''] of text.matchAll(/import \{([^}]*)\} from '[^']*\/resolvers\//g)) {
        for (const name of names.split(',')) called.add(name.trim());
      }
      for (const [, space] of text.matchAll(/import \* as (\w+) from '[^']*\/resolvers\//g)) {
        for (const [, name = ''] of text.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, 'g'))) {
          called.add(name);
        }
      }
    }
    const undeclared: string[] = [];
    for (const file of files.filter((name) => name.startsWith('resolvers/'))) {
      const text = await readFile(`${source}${file}`, 'utf8');
      const functions = text.matchAll(
        /^export (?:async )?(?:function\*? |const )(\w+)[^;{]*?\(\s*(?:\w+|\{[^}]*\}): (?:Pick<)?Context\b/gm,
      );
      for (const [, name = ''] of functions) undeclared.push(name);
      const module = (await import(`${source}${file}`)) as Record<string, unknown>;
      for (const [name, value] of Object.entries(module)) {
        if (typeof value === 'function' && 'role' in value)
          expect(ROLES, name).toContain(value.role);
      }
    }
    expect(called.size).toBeGreaterThan(20);
    const known = ['authorize', 'trackReads', ...PARTS];
    expect(undeclared.filter((name) => called.has(name) && !known.includes(name))).toEqual([]);
  });
});
