import * as z from 'zod';
import type { InterfaceOverview } from '../store/overview.ts';
import type { AuditRecord, EventRecord, SessionRecord, UserRecord } from '../store/records.ts';
import type { WebhookRecord } from '../store/webhook/records.ts';
import type { Context } from './context.ts';
import { auditLog, events } from './event.ts';
import { type Login, logins } from './login/logins.ts';
import type { Connection } from './pages/page.ts';
import { type Token, tokens } from './token/tokens.ts';
import { useCase } from './use-case.ts';
import { type Delivery, delivery } from './webhook/deliveries.ts';
import { webhook } from './webhook/queries.ts';

/** The records that can be read by an id that no record of another type has, by the name of their type. */
export interface NodeTypes {
  readonly User: UserRecord;
  readonly Session: SessionRecord;
  readonly Event: EventRecord;
  readonly Interface: InterfaceOverview;
  readonly Token: Token;
  readonly Login: Login;
  readonly AuditEntry: AuditRecord;
  readonly Webhook: WebhookRecord;
  readonly WebhookDelivery: Delivery;
}

type TypeName = keyof NodeTypes;

export type Node = {
  readonly [Name in TypeName]: { readonly type: Name; readonly record: NodeTypes[Name] };
}[TypeName];

/** The id of a record among those of all types. */
export function nodeIdOf(type: string, id: string | number): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

type Find = (ctx: Context, id: number, text: string) => Promise<object | null | undefined>;

/** With the rights that the query for the type needs. */
const FIND: { readonly [Name in TypeName]: Find } = {
  User: (ctx, id) => ctx.store.users.find(id),
  Session: async (ctx, id) => (await ctx.store.sessions.findMany([id]))[0],
  Event: async (ctx, id) => only(id, await events(ctx, first(id))),
  Interface: async (ctx, _, text) =>
    (await ctx.store.overview.interfaces(ctx.config.interfaces)).find(({ name }) => name === text),
  Token: async (ctx, id) => (await tokens(ctx, {})).find((token) => token.id === id),
  Login: async (ctx, id) => (await logins(ctx, {})).find((login) => login.id === id),
  AuditEntry: async (ctx, id) => only(id, await auditLog(ctx, first(id))),
  Webhook: (ctx, _, id) => webhook(ctx, { id }),
  WebhookDelivery: (ctx, _, id) => delivery(ctx, { id }),
};

const MAX_LENGTH = 200;

/** Returns the record with a node id; null if there is none. */
export const node = useCase(
  'node',
  'self',
  z.object({ id: z.string().max(MAX_LENGTH) }),
  async (ctx, { id }): Promise<Node | null> => {
    const [type = '', text = ''] = split(Buffer.from(id, 'base64url').toString('utf8'));
    if (!isType(type)) return null;
    const isId = type === 'Interface' || /^\d{1,15}$/.test(text);
    const record = isId ? await FIND[type](ctx, Number(text), text) : null;
    return record == null ? null : ({ type, record } as Node);
  },
);

function isType(name: string): name is TypeName {
  return Object.hasOwn(FIND, name);
}

function split(text: string): string[] {
  const colon = text.indexOf(':');
  return colon < 0 ? [] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** The page of a log that has the entry with an id, if there is one. */
function first(id: number) {
  return { first: 1, after: String(Math.max(id - 1, 0)) };
}

function only<T extends { readonly id: number }>(
  id: number,
  { edges }: Connection<T>,
): T | undefined {
  return edges.find(({ node }) => node.id === id)?.node;
}
