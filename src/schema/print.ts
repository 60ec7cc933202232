import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './index.ts';

process.stdout.write(`${printSchema(lexicographicSortSchema(schema))}\n`);
