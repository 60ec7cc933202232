import { describe, expect, it } from 'vitest';
import { readAll } from '../../web/export/read-all.ts';

/** A list of numbers from 1; a cursor is the last number. */
function listOf(length: number) {
  const asked: (readonly [string | null, number])[] = [];
  const readPage = async (after: string | null, first: number) => {
    asked.push([after, first]);
    const start = Number(after ?? 0);
    const rows = Array.from({ length: Math.min(first, length - start) }, (_, i) => start + i + 1);
    const last = start + rows.length;
    return { rows, next: last < length ? String(last) : null };
  };
  return { readPage, asked };
}

describe('reading a list to its end', () => {
  it('joins the pages in order', async () => {
    const progress: number[] = [];
    const { readPage, asked } = listOf(5);
    const onProgress = (rows: number) => progress.push(rows);
    const all = await readAll({ readPage, pageSize: 2, limit: 100, onProgress });
    expect(all).toEqual({ rows: [1, 2, 3, 4, 5], isCut: false });
    expect(asked.map(([after]) => after)).toEqual([null, '2', '4']);
    expect(progress).toEqual([2, 4, 5]);
  });

  it('stops at the limit and says so', async () => {
    const { readPage, asked } = listOf(10);
    const all = await readAll({ readPage, pageSize: 4, limit: 6, onProgress: () => {} });
    expect(all).toEqual({ rows: [1, 2, 3, 4, 5, 6], isCut: true });
    expect(asked.map(([, first]) => first)).toEqual([4, 2]);
  });

  it('does not say that a list was cut that has exactly the limit', async () => {
    const { readPage } = listOf(6);
    const all = await readAll({ readPage, pageSize: 4, limit: 6, onProgress: () => {} });
    expect(all.isCut).toBe(false);
  });

  it('reads an empty list with one request', async () => {
    const { readPage, asked } = listOf(0);
    const all = await readAll({ readPage, pageSize: 4, limit: 6, onProgress: () => {} });
    expect(all).toEqual({ rows: [], isCut: false });
    expect(asked).toHaveLength(1);
  });

  it('rejects when a page cannot be read', async () => {
    const readPage = () => Promise.reject(new Error('refused'));
    const all = readAll({ readPage, pageSize: 4, limit: 6, onProgress: () => {} });
    await expect(all).rejects.toThrow('refused');
  });
});
