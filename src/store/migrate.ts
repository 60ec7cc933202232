import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engineGlue from '@prisma/schema-engine-wasm/schema_engine_bg';

const PRISMA_FOLDER = fileURLToPath(new URL('../../prisma/', import.meta.url));
const NOTHING_EXTERNAL = { externalTables: [], externalEnums: [] };

/** Prisma's schema engine, run in this process as WebAssembly: no binary to download. */
interface SchemaEngine {
  applyMigrations(input: object): Promise<{ appliedMigrationNames: string[] }>;
  diff(input: object): Promise<{ exitCode: number; stdout: string | null }>;
  free(): void;
}

/**
 * Applies the migrations of `prisma/migrations` that the database lacks, in order, and answers their
 * names. Applied ones are kept with their checksums in `_prisma_migrations`.
 */
export async function migrate(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string[]> {
  const migrationsList = await readMigrations();
  return withEngine(factory, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList,
      filters: NOTHING_EXTERNAL,
    });
    return appliedMigrationNames;
  });
}

/**
 * The SQL that leads from what the migrations build to what `schema.prisma` declares; null when the
 * two agree.
 */
export async function pendingMigration(
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<string | null> {
  const migrationsList = await readMigrations();
  const path = join(PRISMA_FOLDER, 'schema.prisma');
  const schema = { files: [{ path, content: await readFile(path, 'utf8') }] };
  return withEngine(factory, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationsList },
      to: { tag: 'schemaDatamodel', ...schema, configDir: PRISMA_FOLDER },
      script: true,
      exitCode: true,
      filters: NOTHING_EXTERNAL,
    });
    return exitCode === 0 ? null : stdout;
  });
}

/** The migrations of this version, in order. */
export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(join(PRISMA_FOLDER, 'migrations'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function readMigrations(): Promise<object> {
  const baseDir = join(PRISMA_FOLDER, 'migrations');
  const names = await migrationNames();
  return {
    baseDir,
    lockfile: {
      path: './migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok',
            value: await readFile(join(baseDir, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
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

/** Loaded once: the glue module has room for a single instance. */
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
