import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const graphqlDir = fileURLToPath(new URL('./node_modules/graphql/', import.meta.url));

/**
 * graphql ships a CommonJS and an ES build side by side. Node's own resolution takes the first, a
 * bundler's the second, and a process that holds both fails with "another module or realm". So the
 * bare name and the folders below it are pinned to the build that untransformed dependencies load.
 */
const alias = [
  { find: /^graphql$/, replacement: `${graphqlDir}index.js` },
  { find: /^graphql\/(\w+)$/, replacement: `${graphqlDir}$1/index.js` },
];

/** They replace modules, which the files beside them in one process must not see. */
const mockingTests = [
  'test/access/constant-time.test.ts',
  'test/rest/whole-lists.test.ts',
  'test/server/load.test.ts',
  'test/webhooks/filters.test.ts',
];

/** They measure rates, which the load of other tests would change. */
const measuringTests = [
  'test/tunnel/bandwidth-rules.test.ts',
  'test/tunnel/dashboard.test.ts',
  'test/tunnel/limits.test.ts',
  'test/tunnel/limits-over-restarts.test.ts',
  'test/tunnel/quota.test.ts',
  'test/tunnel-harness.test.ts',
];

/** The mocking tests take longest, so they begin first: at the end they would run alone. */
class MockingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isMocking = ({ project }: TestSpecification) => project.name === 'mocking';
    return [...sorted.filter(isMocking), ...sorted.filter((file) => !isMocking(file))];
  }
}

/** In a real browser, each with a program of its own. */
const browserTests = ['test/web/browser/**/*.test.ts'];

const tunnelTests = ['test/tunnel/**/*.test.ts', 'test/tunnel-harness.test.ts'];

export default defineConfig({
  resolve: { alias },
  test: {
    pool: 'forks',
    passWithNoTests: false,
    sequence: { sequencer: MockingFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...tunnelTests, ...browserTests, ...mockingTests],
          // The program is loaded once a process: loading it for each file took two thirds of the time.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // They often wait for a timer or a process, so more of them than there are cores run at once.
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'mocking',
          include: mockingTests,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browserTests,
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // A browser has processes of its own.
          maxWorkers: 2,
          // Tests with another number of workers are not run beside these.
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Real interfaces in network namespaces. Most of the time they wait for a handshake.
        extends: true,
        test: {
          name: 'tunnel',
          include: tunnelTests,
          exclude: measuringTests,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'measuring',
          include: measuringTests,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each moves a few megabytes a second, which leaves most of the machine to others.
          maxWorkers: 3,
          // After all other tests.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
