/** A cell that begins with one of these is a formula for a spreadsheet, which would run it. */
const FORMULA = /^[=+\-@\t\r]/;

const NEEDS_QUOTES = /[",\r\n]/;

/** A table as RFC 4180 describes it. */
export function csvOf(
  header: readonly string[],
  rows: Iterable<readonly (string | null)[]>,
): string {
  const lines = [line(header)];
  for (const row of rows) lines.push(line(row));
  // Without the mark, Excel reads Chinese names in an old encoding.
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

const line = (cells: readonly (string | null)[]): string => cells.map(cell).join(',');

function cell(value: string | null): string {
  const text = value ?? '';
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
