import type { CodegenConfig } from '@graphql-codegen/cli';

const options = {
  importExtension: '.ts',
  useTypeImports: true,
  enumsAsTypes: true,
  scalars: { BigInt: 'string', DateTime: 'string' },
  strictScalars: true,
} as const;

const ofWeb = {
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  config: { ...options, documentMode: 'string' },
} as const;

const FIRST_PAGE = ['api', 'charts', 'events', 'live', 'pages/overview'].map(
  (folder) => `web/${folder}/*.graphql`,
);

const OTHER_PAGES = [
  ...['web/actions/*.graphql', 'web/lists/*.graphql', 'web/pages/!(overview)/**/*.graphql'],
  'web/events/line.graphql',
];

/** Types of the GraphQL documents that the tests and the dashboard send, from the checked-in schema. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'test/generated/': {
      preset: 'client',
      documents: 'test/graphql/documents/*.graphql',
      presetConfig: { fragmentMasking: false },
      config: options,
    },
    // What the first page of the dashboard sends, and what the pages behind it send.
    'web/api/generated/first/': { ...ofWeb, documents: FIRST_PAGE },
    'web/api/generated/pages/': { ...ofWeb, documents: OTHER_PAGES },
  },
};

export default config;
