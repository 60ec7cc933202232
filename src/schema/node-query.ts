import * as resolve from '../resolvers/node.ts';
import { builder } from './builder.ts';
import { Node } from './node.ts';

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'The `nodeId` of an object.' }) },
    description:
      'The object with this `nodeId`; null if there is none. FORBIDDEN if you may not read objects of its type.',
    resolve: async (_, { id }, ctx) => {
      const found = await resolve.node(ctx, { id });
      return found === null ? null : { ...found.record, __typename: found.type };
    },
  }),
);
