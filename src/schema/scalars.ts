import { GraphQLError } from 'graphql';
import { parseInstant } from '../domain/time/calendar.ts';
import { builder } from './builder.ts';

builder.scalarType('BigInt', {
  description:
    'A whole number of up to 64 bits as a decimal string, since numbers in JSON lose digits above 2^53.',
  serialize: (value) => value.toString(),
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value);
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    throw new GraphQLError('A BigInt is a decimal string.');
  },
});

builder.scalarType('DateTime', {
  description: 'An instant as ISO 8601 in UTC with milliseconds; as input, with any offset.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const instant = typeof value === 'string' ? parseInstant(value) : null;
    if (instant !== null) return instant;
    throw new GraphQLError('A DateTime is ISO 8601 with a zone, such as 2026-01-31T08:00:00Z.');
  },
});
