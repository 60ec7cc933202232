import { existsSync, readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';

const FILE = new URL('../../schema.graphql', import.meta.url);

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** All described elements of a type, by their paths. */
function partsOf(type: GraphQLNamedType): (readonly [path: string, part: Described])[] {
  const under = (path: string, parts: readonly Described[]) =>
    parts.map((part) => [`${path}.${part.name}`, part] as const);
  if (isEnumType(type)) return [[type.name, type], ...under(type.name, type.getValues())];
  if (isInputObjectType(type)) {
    return [[type.name, type], ...under(type.name, Object.values(type.getFields()))];
  }
  if (!isObjectType(type)) return [[type.name, type]];
  const fields = Object.values(type.getFields());
  return [
    [type.name, type],
    ...under(type.name, fields),
    ...fields.flatMap((field) => under(`${type.name}.${field.name}`, field.args)),
  ];
}

describe('the schema', () => {
  it('describes every type, field, argument, enum value and input field', () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    );
    expect(types.length).toBeGreaterThan(20);
    const bare = types
      .flatMap(partsOf)
      .filter(([, { description }]) => (description ?? '').trim() === '')
      .map(([path]) => path);
    expect(bare).toEqual([]);
  });

  it.runIf(existsSync(FILE))('is equal to schema.graphql', () => {
    const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;
    expect(readFileSync(FILE, 'utf8')).toBe(printed);
  });
});
