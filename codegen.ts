import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the GraphQL documents that the tests send, from the checked-in schema. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'test/graphql/documents/*.graphql',
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        importExtension: '.ts',
        useTypeImports: true,
        scalars: { BigInt: 'string', DateTime: 'string' },
        strictScalars: true,
      },
    },
  },
};

export default config;
