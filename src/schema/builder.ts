import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../generated/pothos.ts';
import { getDatamodel } from '../generated/pothos.ts';
import type { Context } from '../resolvers/context.ts';
import { costOf } from './cost.ts';

/**
 * Defines no types itself. Object types are derived from the Prisma models, but every value comes from
 * a resolver. The plugin gets no client, so no field can bypass the resolvers and read the database.
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
  // Only declares the costs: the server checks them before an operation starts, not in each field.
  complexity: { fieldComplexity: costOf, disabled: true },
  defaultFieldNullability: false,
  prisma: {
    client: () => {
      throw new Error('Fields are resolved by src/resolvers, never by the Prisma plugin.');
    },
    dmmf: getDatamodel(),
  },
});

builder.queryType({ description: 'Queries read data.' });
builder.mutationType({ description: 'Mutations change data.' });
builder.subscriptionType({ description: 'Subscriptions push data as it changes.' });
