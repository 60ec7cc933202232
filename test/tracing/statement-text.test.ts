import { expect, it } from 'vitest';
import { statementText } from '../../src/tracing/statement-text.ts';

it('The exported text of a statement has no literal text.', () => {
  const sql = `SELECT "a" FROM "User"
    WHERE "mail" = 'zoe''s@private.example' AND "note" <> '' AND "id" = ?`;
  expect(statementText(sql)).toBe(
    'SELECT "a" FROM "User" WHERE "mail" = ? AND "note" <> ? AND "id" = ?',
  );
});

it('The exported text of a long statement is cut.', () => {
  const text = statementText(`SELECT ${'?,'.repeat(5_000)}?`);
  expect(text).toMatch(/^SELECT \?,.*…$/);
  expect(text.length).toBeLessThan(2_100);
});
