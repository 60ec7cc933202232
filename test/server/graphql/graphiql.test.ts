import { type OperationDefinitionNode, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { EXAMPLES } from '../../../src/server/graphql/graphiql-examples.ts';
import { startFleet } from '../../rest/support.ts';

it('the GraphiQL page starts with examples of the API', async () => {
  const app = await startFleet();
  const { text } = await app.rest('/graphql', { headers: { accept: 'text/html' } });
  expect(text).toContain('<title>wgql: GraphQL API</title>');
  expect(text).toContain(`"defaultQuery":${JSON.stringify(EXAMPLES)}`);
});

it('each example is valid and can be run as it is', async () => {
  const document = parse(EXAMPLES);
  expect(validate(schema, document)).toEqual([]);
  const app = await startFleet();
  const operations = document.definitions as readonly OperationDefinitionNode[];
  for (const { operation, name } of operations) {
    if (operation === 'subscription') continue;
    const body = JSON.stringify({ query: EXAMPLES, operationName: name?.value });
    const headers = { 'content-type': 'application/json' };
    const answer = await app.rest('/graphql', { method: 'POST', headers, body });
    expect(answer.body.errors, name?.value).toBeUndefined();
  }
});
