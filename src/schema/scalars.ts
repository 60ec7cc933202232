import { GraphQLError } from 'graphql';
import { parseInstant } from '../domain/time/calendar.ts';
import { builder } from './builder.ts';

builder.scalarType('BigInt', {
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
