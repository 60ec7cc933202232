import type { OutputType } from '@pothos/core';
import type { Connection } from '../resolvers/page.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';

const FIRST = 'How many entries to answer, 0 to 1000. Absent or null: 50.';

/** The page arguments of lists that change in the middle. */
export const pageArgs = builder.args((t) => ({
  first: t.int({ description: FIRST }),
  after: t.string({
    description:
      'Return the entries after this cursor, also when its entry was deleted or has moved. It belongs to one order of the list. Absent or null: from the start.',
  }),
}));

/** The page arguments of logs, which only grow: their cursors are ids. */
export const logPageArgs = builder.args((t) => ({
  first: t.int({ description: FIRST }),
  after: t.id({
    description: 'The id of the last entry that was seen. Absent or null: from the oldest.',
  }),
}));

const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether more entries follow this page; false for `first: 0`.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last entry; null for an empty page.',
    }),
  }),
});

/** The connection and edge types of one kind of node. */
export function defineConnection<Node extends object>(
  nodeName: string,
  nodeType: OutputType<typeof builder.$inferSchemaTypes>,
) {
  const Edge = builder.objectRef<Connection<Node>['edges'][number]>(`${nodeName}Edge`).implement({
    description: `An entry of a list, as ${nodeName}.`,
    fields: (t) => ({
      cursor: t.exposeID('cursor', { description: 'Stands for this entry in `after`.' }),
      node: t.field({
        type: nodeType,
        description: 'The entry itself.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<Node>>(`${nodeName}Connection`).implement({
    description: `A page of a list of ${nodeName}.`,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: 'The entries of the page, in order.',
        resolve: (connection, _, ctx) => inTurns(ctx, connection.edges),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Where the page stands in the list.',
        resolve: (connection) => connection.pageInfo,
      }),
      totalCount: t.int({
        description:
          'How many entries the whole list has, after filtering. Counted at each request that selects it.',
        resolve: (connection) => connection.totalCount(),
      }),
    }),
  });
}
