import type { OutputType } from '@pothos/core';
import type { Connection } from '../resolvers/pages/page.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';

const FIRST = 'How many entries to return, 0 to 1000. Absent or null: 50.';

/** The page arguments of lists whose entries can change their position. */
export const pageArgs = builder.args((t) => ({
  first: t.int({ description: FIRST }),
  after: t.string({
    description:
      'Return the entries after this cursor, even if its entry was deleted or has moved. A cursor is valid only for the sort order it was returned for. Absent or null: from the start.',
  }),
}));

/** The page arguments of append-only logs: their cursors are ids. */
export const logPageArgs = builder.args((t) => ({
  first: t.int({ description: FIRST }),
  after: t.id({
    description:
      'Return the entries after the entry with this id. Absent or null: from the oldest.',
  }),
}));

const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'The position of a page in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether more entries follow this page; always false for `first: 0`.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last entry; null if the page is empty.',
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
      cursor: t.exposeID('cursor', {
        description: 'The cursor of this entry, for the argument `after`.',
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
