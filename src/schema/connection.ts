import type { OutputType } from '@pothos/core';
import type { Connection } from '../resolvers/pages/page.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';

/** The page arguments of every list. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    defaultValue: 50,
    description:
      'How many entries to return from the start of the list, 0 to 1000. Null: 50. Ignored if `last` is given.',
  }),
  after: t.string({
    description:
      'Return only entries after this cursor, even if its entry was deleted or has moved. A cursor is valid only for the sort order it was returned for. Absent or null: from the start.',
  }),
  last: t.int({
    description:
      'How many entries to return from the end of the list, 0 to 1000; they keep their order. Absent or null: `first` applies.',
  }),
  before: t.string({
    description:
      'Return only entries before this cursor, as for `after`. Absent or null: up to the end.',
  }),
}));

/** The page arguments of append-only logs: their cursors are ids. */
export const logPageArgs = builder.args((t) => ({
  ...pageArgs,
  newestFirst: t.boolean({
    defaultValue: false,
    description: 'true: the newest entries come first; false or null: the oldest.',
  }),
}));

const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'The position of a page in its list.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether entries of the list follow this page; false if the page is empty.',
      resolve: (info) => info.hasNextPage(),
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether entries of the list precede this page; false if the page is empty.',
      resolve: (info) => info.hasPreviousPage(),
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first entry, for `before`; null if the page is empty.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last entry, for `after`; null if the page is empty.',
    }),
  }),
});

/** Defines the connection and edge types for a node type. */
export function defineConnection<Node extends object>(
  nodeName: string,
  nodeType: OutputType<typeof builder.$inferSchemaTypes>,
) {
  const Edge = builder.objectRef<Connection<Node>['edges'][number]>(`${nodeName}Edge`).implement({
    description: 'An entry of a page, with its cursor.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: 'The cursor of this entry, for the arguments `after` and `before`.',
      }),
      node: t.field({
        type: nodeType,
        description: 'The entry itself.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<Node>>(`${nodeName}Connection`).implement({
    description: 'A page of a list.',
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: 'The entries of the page, in order.',
        resolve: (connection, _, ctx) => inTurns(ctx, connection.edges),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'The position of the page in the list.',
        resolve: (connection) => connection.pageInfo,
      }),
      totalCount: t.int({
        description:
          'The number of entries in the whole filtered list. Counted only for requests that select it.',
        resolve: (connection) => connection.totalCount(),
      }),
    }),
  });
}
