import {
  type GraphQLArgument,
  type GraphQLField,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/domain/errors.ts';
import { EVENT_REASONS } from '../../src/domain/event-reason.ts';
import { schema } from '../../src/schema/index.ts';

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const objects = types.filter(isObjectType);
const fields = objects.flatMap((type) =>
  Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const),
);

/** Nullable arguments have no `!`. */
const argumentsOf = ({ args }: GraphQLField<unknown, unknown>) =>
  Object.fromEntries(args.map(({ name, type }: GraphQLArgument) => [name, String(type)]));

const isConnection = ([, { type }]: (typeof fields)[number]) =>
  getNamedType(type).name.endsWith('Connection');

describe('the schema', () => {
  it('has the same page arguments, with cursors of one type, on every connection', () => {
    const connections = fields.filter(isConnection);
    expect(connections.length).toBeGreaterThan(5);
    for (const [path, field] of connections) {
      expect(argumentsOf(field), path).toMatchObject({
        ...{ first: 'Int', after: 'String', last: 'Int', before: 'String' },
      });
      expect(field.args.find(({ name }) => name === 'first')?.defaultValue, path).toBe(50);
    }
    const edges = fields.filter(([path]) => path.endsWith('Edge.cursor'));
    expect(edges.map(([, { type }]) => String(type))).toEqual(edges.map(() => 'String!'));
    const page = objects.find(({ name }) => name === 'PageInfo')?.getFields() ?? {};
    expect(
      Object.fromEntries(Object.values(page).map(({ name, type }) => [name, String(type)])),
    ).toEqual({
      ...{ hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!' },
      ...{ startCursor: 'String', endCursor: 'String' },
    });
  });

  it('has a node id on every object that has an id of its own', () => {
    const node = types.filter(isInterfaceType).find(({ name }) => name === 'Node');
    const identified = objects.filter((type) => {
      const named = Object.keys(type.getFields());
      return named.includes('id') && !type.name.endsWith('Result');
    });
    expect(identified.length).toBeGreaterThan(5);
    for (const type of identified) {
      expect(type.getInterfaces(), type.name).toContain(node);
    }
  });

  it('lists every error code, and every word of the reasons of events', () => {
    const values = (name: string) =>
      types
        .filter(isEnumType)
        .find((type) => type.name === name)
        ?.getValues()
        .map((value) => value.name)
        .sort();
    expect(values('ErrorCode')).toEqual([...ERROR_CODES].sort());
    expect(values('EventReason')).toEqual([...EVENT_REASONS].sort());
  });

  it('says where each of its scalars is specified', () => {
    const scalars = types.filter(isScalarType).filter((type) => !isSpecifiedScalarType(type));
    expect(scalars.length).toBeGreaterThan(0);
    for (const { name, specifiedByURL } of scalars) {
      expect(specifiedByURL, name).toMatch(/^https:\/\//);
    }
  });

  it('declares by which one of its fields a user is found', () => {
    const by = types.filter(isInputObjectType).find(({ name }) => name === 'UserBy');
    expect(by?.isOneOf).toBe(true);
  });
});
