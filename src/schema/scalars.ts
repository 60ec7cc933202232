import { GraphQLError } from 'graphql';
import { parseInstant } from '../domain/time/calendar.ts';
import { builder } from './builder.ts';

builder.scalarType('BigInt', {
  // The lexical form of this type is that of the values: decimal digits with an optional sign.
  specifiedByURL: 'https://www.w3.org/TR/xmlschema-2/#long',
  description:
    'An integer of up to 64 bits, as a decimal string: JSON numbers lose precision above 2^53.',
  serialize: (value) => value.toString(),
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value);
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    throw new GraphQLError('A BigInt must be a decimal string.');
  },
});

builder.scalarType('DateTime', {
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  description:
    'A time in ISO 8601 format. Output is in UTC with milliseconds; input may have any offset.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const instant = typeof value === 'string' ? parseInstant(value) : null;
    if (instant !== null) return instant;
    throw new GraphQLError(
      'A DateTime must be in ISO 8601 format with an offset, such as 2026-01-31T08:00:00Z.',
    );
  },
});
