import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../generated/pothos.ts';
import { getDatamodel } from '../generated/pothos.ts';
import type { Context } from '../resolvers/context.ts';
import { costOf } from './cost.ts';

/**
 * Defines no type itself. Objects take their shape from the Prisma models, but every value comes from
 * a resolver, so the plugin is given no client: no field can reach the database around the resolvers.
 */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string | number };
    BigInt: { Input: bigint; Output: bigint };
    DateTime: { Input: Date; Output: Date };
  };
}>({
  plugins: [ComplexityPlugin, PrismaPlugin],
  // Costs are only declared: the server refuses by them before an operation starts, not in its fields.
  complexity: { fieldComplexity: costOf, disabled: true },
  defaultFieldNullability: false,
  prisma: {
    client: () => {
      throw new Error('Fields are resolved by src/resolvers, never by the Prisma plugin.');
    },
    dmmf: getDatamodel(),
  },
});

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({ description: 'Everything that can be changed.' });
builder.subscriptionType({ description: 'Everything that can be watched live.' });
