import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NoDeprecatedCustomRule, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { EXAMPLES } from '../../src/server/graphql/graphiql-examples.ts';
import { blocksOf, ROOT, readPage } from './support.ts';

const pages = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
const names = [...pages.map((name) => `docs/${name}`), 'README.md', 'README.zh-CN.md'];
const documents = (
  await Promise.all(
    names.map(async (name) =>
      blocksOf(await readPage(name)).flatMap(({ language, code }) =>
        language === 'graphql' ? ([[name, code]] as const) : [],
      ),
    ),
  )
).flat();

describe('the GraphQL of the documents', () => {
  it.each([...documents, ['GraphiQL', EXAMPLES] as const])(
    'uses nothing that is deprecated: %s',
    (_, code) => {
      const problems = validate(schema, parse(code), [NoDeprecatedCustomRule]);
      expect(problems.map(({ message }) => message)).toEqual([]);
    },
  );
});
