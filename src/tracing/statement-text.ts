/** Longer than any statement of the program, except those with a parameter for each of many rows. */
const MAX_LENGTH = 2_000;

const TEXT_LITERAL = /'(?:[^']|'')*'/g;

/**
 * The text of a statement as it may leave the process: values are parameters already, and literal texts are replaced
 * as well.
 */
export function statementText(sql: string): string {
  const short = sql.replace(TEXT_LITERAL, '?').replace(/\s+/g, ' ').trim();
  return short.length > MAX_LENGTH ? `${short.slice(0, MAX_LENGTH)}…` : short;
}
