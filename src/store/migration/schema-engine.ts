import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engineGlue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MIGRATIONS, PRISMA_FOLDER, readMigrations } from './migrations.ts';

/** Tables that 0009 renames, and that are dropped once their rows are moved. */
const FILTERS = { externalTables: ['OldTraffic', 'OldTrafficTotal'], externalEnums: [] };

/** Prisma's schema engine as WebAssembly. It writes new migrations; it does not apply any. */
interface SchemaEngine {
  diff(input: object): Promise<{ exitCode: number; stdout: string | null }>;
  free(): void;
}

/**
 * The SQL that changes the result of the migrations to the schema declared in `schema.prisma`; null if the
 * two agree.
 */
export async function pendingMigration(
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<string | null> {
  const path = join(PRISMA_FOLDER, 'schema.prisma');
  const schema = { files: [{ path, content: await readFile(path, 'utf8') }] };
  return withEngine(factory, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await migrationsList()) },
      to: { tag: 'schemaDatamodel', ...schema, configDir: PRISMA_FOLDER },
      script: true,
      exitCode: true,
      filters: FILTERS,
    });
    return exitCode === 0 ? null : stdout;
  });
}

async function migrationsList(): Promise<object> {
  const lockfile = 'migration_lock.toml';
  return {
    baseDir: MIGRATIONS,
    lockfile: {
      path: `./${lockfile}`,
      content: await readFile(join(MIGRATIONS, lockfile), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: (await readMigrations()).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

async function withEngine<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  // The engine never closes its connection, and an open one keeps the file locked.
  const connections: { dispose(): Promise<void> }[] = [];
  const remembering: SqlMigrationAwareDriverAdapterFactory = {
    ...factory,
    connect: async () => {
      const connection = await factory.connect();
      connections.push(connection);
      return connection;
    },
  };
  const SchemaEngine = await loadEngine();
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', 'datasource db {\n  provider = "sqlite"\n}\n']] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(remembering),
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
    await Promise.all(connections.map((connection) => connection.dispose()));
  }
}

/** The part of the WebAssembly interface used here; Node's types leave it to the browser's. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

type EngineClass = {
  new: (options: object, log: (line: string) => void, adapter: object) => Promise<SchemaEngine>;
};

/** Loaded once: the glue module supports a single instance. */
let engineClass: Promise<EngineClass> | undefined;

function loadEngine(): Promise<EngineClass> {
  engineClass ??= instantiateEngine();
  return engineClass;
}

async function instantiateEngine(): Promise<EngineClass> {
  const glue = engineGlue as unknown as {
    SchemaEngine: EngineClass;
    __wbg_set_wasm(exports: object): void;
  };
  const require = createRequire(import.meta.url);
  const path = require
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(path), {
    './schema_engine_bg.js': engineGlue,
  });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine;
}
