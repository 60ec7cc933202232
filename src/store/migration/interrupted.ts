import Database from 'better-sqlite3';
import { HISTORY_TABLE } from './history.ts';
import type { Migration } from './migrations.ts';

/**
 * The statements that an interrupted migration still needs; null if the database is in no intermediate state
 * of that migration. Version 0.1.0 applied the statements one by one, each in its own transaction, so the
 * database has those up to some point. The schema shows which: the same statements are run on an empty
 * database until both schemas are equal. A statement that only writes rows leaves no trace in the schema, so
 * it is run again.
 */
export function remainingStatements(
  db: Database.Database,
  earlier: readonly Migration[],
  { sql }: Migration,
): string[] | null {
  const found = schemaOf(db);
  const model = new Database(':memory:');
  try {
    for (const migration of earlier) model.exec(migration.sql);
    const statements = statementsOf(sql);
    for (const [index, statement] of statements.entries()) {
      if (schemaOf(model) === found) return statements.slice(index).map(repeatable);
      model.exec(statement);
    }
    return schemaOf(model) === found ? [] : null;
  } finally {
    model.close();
  }
}

/** The statements of a script. Semicolons end them, except inside a trigger. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let text = '';
  for (const part of sql.split(/(?<=;)/)) {
    text += part;
    const isOpenTrigger = /^CREATE TRIGGER/m.test(text) && !/^END;$/m.test(text);
    if (!text.trimEnd().endsWith(';') || isOpenTrigger) continue;
    statements.push(text);
    text = '';
  }
  return statements;
}

/** A rebuilt table gets the same rows again, under the same keys. */
function repeatable(statement: string): string {
  return statement.replace(/^INSERT INTO/m, 'INSERT OR REPLACE INTO');
}

function schemaOf(db: Database.Database): string {
  const rows = db
    .prepare(
      `SELECT "type", "name", "sql" FROM sqlite_master
       WHERE "name" NOT LIKE 'sqlite!_%' ESCAPE '!' AND "tbl_name" <> '${HISTORY_TABLE}'
       ORDER BY "type", "name"`,
    )
    .all();
  return JSON.stringify(rows);
}
