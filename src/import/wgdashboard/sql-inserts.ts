import { AppError } from '../../domain/errors.ts';

/** One `INSERT INTO table (columns) VALUES (values)`. */
export interface Insert {
  readonly table: string;
  /** null if the statement does not name them. */
  readonly columns: readonly string[] | null;
  readonly values: readonly SqlValue[];
}

export type SqlValue = string | number | null;

interface Token {
  readonly kind: 'text' | 'name' | 'sign' | 'word';
  readonly text: string;
}

const SPACES = /\s*/y;
const SIGNS = '(),;';
const WORD = /[^\s'"(),;]+/y;

/**
 * Parses a file of `INSERT` statements. A value may contain line ends, so the lines are not parsed separately.
 * Throws an `AppError` at the first other statement: the rest of the file cannot be trusted.
 */
export function* insertsIn(file: string): Generator<Insert> {
  const tokens = tokensOf(file);
  for (let token = next(tokens); token !== null; token = next(tokens)) {
    if (token.kind === 'sign' && token.text === ';') continue;
    expectWord(token, 'INSERT');
    expectWord(next(tokens), 'INTO');
    yield insertIn(tokens);
  }
}

type Tokens = Iterator<Token, null>;

function* tokensOf(text: string): Generator<Token, null> {
  let from = endOf(SPACES, text, 0);
  while (from < text.length) {
    const { token, end } = tokenAt(text, from);
    yield token;
    from = endOf(SPACES, text, end);
  }
  return null;
}

function tokenAt(text: string, from: number): { readonly token: Token; readonly end: number } {
  const first = text.charAt(from);
  if (SIGNS.includes(first)) return { token: { kind: 'sign', text: first }, end: from + 1 };
  if (first !== "'" && first !== '"') {
    const end = endOf(WORD, text, from);
    return { token: { kind: 'word', text: text.slice(from, end) }, end };
  }
  const end = endOfQuotes(text, from, first);
  const content = text.slice(from + 1, end - 1).replaceAll(first + first, first);
  return { token: { kind: first === "'" ? 'text' : 'name', text: content }, end };
}

/** The end of a match that begins here. */
function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.exec(text);
  return pattern.lastIndex;
}

/** Not a pattern, because one with doubled quotes exceeds the stack for values of tens of megabytes. */
function endOfQuotes(text: string, from: number, quote: string): number {
  for (let at = from + 1; ; at += 2) {
    at = text.indexOf(quote, at);
    if (at < 0) throw notInserts();
    if (text.charAt(at + 1) !== quote) return at + 1;
  }
}

function next(tokens: Tokens): Token | null {
  return tokens.next().value;
}

function insertIn(tokens: Tokens): Insert {
  const table = identifierOf(next(tokens));
  let token = next(tokens);
  let columns: string[] | null = null;
  if (token?.kind === 'sign') {
    columns = listIn(tokens, token).map(identifierOf);
    token = next(tokens);
  }
  expectWord(token, 'VALUES');
  const values = listIn(tokens, next(tokens)).map(literalOf);
  if (columns !== null && columns.length !== values.length) throw notInserts();
  return { table, columns, values };
}

/** The tokens between parentheses, without the commas. */
function listIn(tokens: Tokens, opening: Token | null): Token[] {
  if (opening?.kind !== 'sign' || opening.text !== '(') throw notInserts();
  const list: Token[] = [];
  for (;;) {
    const item = next(tokens);
    const sign = next(tokens);
    if (item === null || item.kind === 'sign' || sign?.kind !== 'sign') throw notInserts();
    list.push(item);
    if (sign.text === ')') return list;
    if (sign.text !== ',') throw notInserts();
  }
}

function identifierOf(token: Token | null): string {
  if (token?.kind !== 'name' && token?.kind !== 'word') throw notInserts();
  return token.text;
}

function literalOf({ kind, text }: Token): SqlValue {
  if (kind === 'text') return text;
  const number = Number(text);
  return text.toUpperCase() === 'NULL' || Number.isNaN(number) ? null : number;
}

function expectWord(token: Token | null, word: string): void {
  if (token?.kind !== 'word' || token.text.toUpperCase() !== word) throw notInserts();
}

function notInserts(): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: 'The file is not a complete backup of WGDashboard: it has statements other than whole INSERTs.',
    zh: '该文件不是完整的 WGDashboard 备份：其中含有不完整的 INSERT 语句或其他语句。',
  });
}
