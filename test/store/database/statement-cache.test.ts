import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { keepStatements } from '../../../src/store/database/statement-cache.ts';
import { temporaryDatabase } from '../../fixtures/test-store.ts';

describe('a statement that is sent again', () => {
  it('is prepared once, and runs with the arguments of each call', () => {
    const client = new Database(':memory:');
    const { prepare } = client;
    const prepared: string[] = [];
    client.prepare = (sql: string) => {
      prepared.push(sql);
      return prepare.call(client, sql) as never;
    };
    keepStatements({ client } as unknown as SqlDriverAdapter);
    const sum = 'SELECT ? + ? AS "sum"';
    const sumOf = (...args: number[]) => client.prepare(sum).bind(args).raw().all();
    expect([sumOf(1, 2), sumOf(3, 4)]).toEqual([[[3]], [[7]]]);
    client.prepare('CREATE TABLE "t" ("n" INTEGER)').run();
    for (const n of [5, 6]) client.prepare('INSERT INTO "t" VALUES (?)').bind([n]).run();
    expect(client.prepare('SELECT "n" FROM "t"').raw().all()).toEqual([[5], [6]]);
    expect(prepared.filter((sql) => sql === sum || sql.startsWith('INSERT'))).toHaveLength(2);
    client.close();
  });

  it('has the columns of a schema that another connection has changed meanwhile', async () => {
    const db = await temporaryDatabase();
    const read = () => db.$queryRaw`SELECT * FROM "Meta" LIMIT 1`;
    await db.$executeRaw`INSERT INTO "Meta" ("key", "value") VALUES ('a', 'b')`;
    expect(await read()).toEqual([{ key: 'a', value: 'b' }]);
    const [{ file }] = await db.$queryRaw<[{ file: string }]>`PRAGMA database_list`;
    const other = new Database(file);
    other.exec(`ALTER TABLE "Meta" ADD COLUMN "more" TEXT DEFAULT 'c'`);
    other.close();
    expect(await read()).toEqual([{ key: 'a', value: 'b', more: 'c' }]);
  });

  it('works again after it has failed', async () => {
    const db = await temporaryDatabase();
    const insert = (key: string) =>
      db.$executeRaw`INSERT INTO "Meta" ("key", "value") VALUES (${key}, 'b')`;
    await insert('a');
    await expect(insert('a')).rejects.toThrow(/UNIQUE|Unique/);
    expect(await insert('c')).toBe(1);
  });
});
