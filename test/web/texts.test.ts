import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, isEnumType } from 'graphql';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WEB = join(ROOT, 'web');

async function textsOf(language: string): Promise<Record<string, string>> {
  const files = [`${language}.json`, `pages/${language}.json`];
  const parts = await Promise.all(files.map((file) => readFile(join(WEB, 'text', file), 'utf8')));
  return Object.assign({}, ...parts.map((part) => JSON.parse(part)));
}

const [en, zh] = await Promise.all([textsOf('en'), textsOf('zh')]);

const placeholdersOf = (text: string | undefined) =>
  [...new Set([...(text ?? '').matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();

async function sources(): Promise<string> {
  const names = await readdir(WEB, { recursive: true });
  const files = names.filter(
    (name) => /\.tsx?$/.test(name) && !/node_modules|generated/.test(name),
  );
  return (await Promise.all(files.map((name) => readFile(join(WEB, name), 'utf8')))).join('\n');
}

describe('the texts of the dashboard', () => {
  it('exist in both languages, with the same values in them', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    const differing = Object.keys(en).filter(
      (id) => placeholdersOf(en[id]).join() !== placeholdersOf(zh[id]).join(),
    );
    expect(differing).toEqual([]);
  });

  it('are all used', async () => {
    const code = await sources();
    // The last part of some is a value of the API or of the page.
    const prefixes = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix as string);
    const unused = Object.keys(en).filter(
      (id) =>
        !new RegExp(`['"]${id.replaceAll('.', '\\.')}['"]`).test(code) &&
        !prefixes.some((prefix) => id.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  it.each([
    ['EventType', 'event.'],
    ['EventReason', 'reason.'],
    ['EndReason', 'reason.'],
    ['AuditAction', 'audit.'],
    ['Role', 'role.'],
    ['CutReason', 'cut.'],
    ['QuotaPeriod', 'limit.period.'],
    ['EnforcementState', 'limits.applied.'],
  ])('name each value of %s', async (type, prefix) => {
    const schema = buildSchema(await readFile(join(ROOT, 'schema.graphql'), 'utf8'));
    const found = schema.getType(type);
    const values = isEnumType(found) ? found.getValues().map(({ name }) => name) : [];
    expect(values).not.toEqual([]);
    expect(values.filter((name) => !(`${prefix}${name}` in en))).toEqual([]);
  });
});
