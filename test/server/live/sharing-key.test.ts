import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/access/principal.ts';
import { schema } from '../../../src/schema/index.ts';
import { sharingOf } from '../../../src/server/live/sharing-key.ts';

const principal = (): Principal => ({
  name: 'reader',
  role: 'viewer',
  owner: null,
  expiresAtMs: null,
  loginId: null,
  ended: new AbortController().signal,
});
const reader = principal();

const sharing = (
  query: string,
  variableValues: Record<string, unknown> = {},
  who: { principal?: Principal; language?: 'en' | 'zh' } = {},
) =>
  sharingOf(
    {
      schema,
      document: parse(query),
      variableValues,
      contextValue: { principal: reader, language: 'en', ...who },
    },
    query,
  );

describe('a subscription', () => {
  it.each([
    ['a cursor', 'subscription { events(after: "7") { id } }', {}],
    ['the start', 'subscription { events(after: "0") { id } }', {}],
    ['a variable', 'subscription ($a: ID) { events(after: $a) { id } }', { a: '7' }],
    ['a default', 'subscription ($a: ID = "7") { events(after: $a) { id } }', {}],
  ])('that replays from %s runs alone', (_, query, variables) => {
    expect(sharing(query, variables)).toBeNull();
  });

  it.each([
    ['no cursor', 'subscription { events { id } }', {}],
    ['a cursor that is null', 'subscription { events(after: null) { id } }', {}],
    ['a variable that is absent', 'subscription ($a: ID) { events(after: $a) { id } }', {}],
    ['a pause', 'subscription { liveTraffic(minIntervalMs: 60000) { rxBytesPerSecond } }', {}],
  ])('with %s is shared', (_, query, variables) => {
    expect(sharing(query, variables)).toMatchObject({ lateJoiner: 'NEXT' });
  });

  it('that pauses for long runs alone, since it would wait for the end of another’s pause', () => {
    const query = 'subscription { liveTraffic(minIntervalMs: 60001) { rxBytesPerSecond } }';
    expect(sharing(query)).toBeNull();
  });

  it('is shared only with subscribers of the same token and language', () => {
    const query = 'subscription { dashboard { totalUsers } }';
    const key = sharing(query)?.key;
    expect(sharing(query)?.key).toBe(key);
    expect(sharing(query, {}, { principal: principal() })?.key).not.toBe(key);
    expect(sharing(query, {}, { language: 'zh' })?.key).not.toBe(key);
    expect(sharing('subscription { dashboard { onlineUsers } }')?.key).not.toBe(key);
  });

  it('is shared whatever variables it does not declare, however deep they are', () => {
    const query = 'subscription ($ids: [ID!]) { presence(userIds: $ids) { isOnline } }';
    const deep = JSON.parse(`${'['.repeat(9_000)}${']'.repeat(9_000)}`);
    const key = sharing(query, { ids: ['1'] })?.key;
    expect(sharing(query, { ids: ['1'], other: deep })?.key).toBe(key);
    expect(sharing(query, { ids: ['2'] })?.key).not.toBe(key);
    expect(sharing(query, { ids: deep })).toBeNull();
  });
});
