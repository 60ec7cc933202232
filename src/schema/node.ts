import { nodeIdOf } from '../resolvers/node.ts';
import { builder } from './builder.ts';

interface Identified {
  readonly id?: number;
  /** Identifies an interface. */
  readonly name?: string;
}

export const Node = builder.interfaceRef<Identified>('Node').implement({
  description: 'An object that `node` returns by its `nodeId`.',
  fields: (t) => ({
    nodeId: t.id({
      description: 'Unique among the objects of all types, for caches such as that of Relay.',
      resolve: ({ id, name }, _, __, { parentType }) => nodeIdOf(parentType.name, id ?? name ?? ''),
    }),
  }),
});
