import { describe, expect, it } from 'vitest';
import { csvOf } from '../../web/export/csv.ts';

/** The lines of a table without its byte order mark. */
const linesOf = (csv: string) => csv.replace(/^\uFEFF/, '').split('\r\n');

describe('a table as CSV', () => {
  it('has a header and ends each line with CR LF', () => {
    expect(csvOf(['id', 'name'], [['1', 'Ada']])).toBe('\uFEFFid,name\r\n1,Ada\r\n');
  });

  it('quotes commas, quotation marks and line breaks, and doubles the marks', () => {
    const [, row] = linesOf(csvOf(['a', 'b', 'c'], [['1,2', 'the "best"', 'x\ny']]));
    expect(row).toBe('"1,2","the ""best""","x\ny"');
  });

  it('leaves the cell of a missing value empty', () => {
    expect(linesOf(csvOf(['a', 'b'], [[null, '']]))[1]).toBe(',');
  });

  it.each([
    ['=HYPERLINK("http://192.0.2.1")', `"'=HYPERLINK(""http://192.0.2.1"")"`],
    ['+1', "'+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
  ])('gives spreadsheets no formula to run: %j', (value, cell) => {
    expect(csvOf(['a'], [[value]])).toBe(`\uFEFFa\r\n${cell}\r\n`);
  });

  it('keeps characters that begin a formula inside a cell', () => {
    expect(linesOf(csvOf(['a'], [['a=b']]))[1]).toBe('a=b');
  });
});
