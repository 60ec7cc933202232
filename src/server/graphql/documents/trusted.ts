import { readFile } from 'node:fs/promises';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { AppError, type Text } from '../../../domain/errors.ts';
import { type Documents, givenText, hashIn } from './documents.ts';

/** In specifications and libraries, the hash may follow the name of its function. */
const PREFIX = /^sha256:/;

/**
 * Trusted documents: only those of a file run, by id or by their exact text. The file is a JSON object of texts by id,
 * as clients' compilers write it. `own` are the texts that the dashboard sends, which run as well. Throws an `AppError` if
 * the file cannot be used.
 */
export async function trustedDocuments(
  file: string,
  schema: GraphQLSchema,
  own: readonly string[],
): Promise<Documents> {
  const texts = new Map(Object.entries(await readListing(file)));
  for (const [id, text] of texts) refuseInvalid(schema, file, id, text);
  const known = new Set([...texts.values(), ...own]);
  return {
    areTrusted: true,
    textOf: (request) => {
      const text = givenText(request);
      if (text !== undefined) return known.has(text) ? text : refuse();
      const id = request.documentId ?? hashIn(request);
      if (id === undefined) return undefined;
      if (typeof id !== 'string') return refuse();
      return texts.get(id) ?? texts.get(id.replace(PREFIX, '')) ?? refuse();
    },
  };
}

async function readListing(file: string): Promise<Record<string, string>> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isListing(read)) return read;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined) {
      throw unusable({
        en: `${file} cannot be read (${code}); check the path and that wgql may read the file`,
        zh: `无法读取 ${file}（${code}）；请检查路径以及 wgql 是否有权读取该文件`,
      });
    }
  }
  throw unusable({
    en: `${file} must contain a JSON object of GraphQL documents by id`,
    zh: `${file} 必须是以 ID 为键、GraphQL 文档为值的 JSON 对象`,
  });
}

function isListing(value: unknown): value is Record<string, string> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.values(value).every((text) => typeof text === 'string');
}

/** A document of an older schema is reported at the start, and not to its users. */
function refuseInvalid(schema: GraphQLSchema, file: string, id: string, text: string): void {
  let problem: string | undefined;
  try {
    problem = validate(schema, parse(text))[0]?.message;
  } catch (error) {
    problem = (error as Error).message;
  }
  if (problem === undefined) return;
  throw unusable({
    en: `the document ${id} of ${file} does not fit the schema: ${problem}`,
    zh: `${file} 中的文档 ${id} 与 schema 不符：${problem}`,
  });
}

function unusable({ en, zh }: Text): AppError {
  return new AppError('INVALID_ARGUMENT', {
    en: `WGQL_TRUSTED_DOCUMENTS: ${en}.`,
    zh: `WGQL_TRUSTED_DOCUMENTS：${zh}。`,
  });
}

function refuse(): never {
  throw new AppError('FORBIDDEN', {
    en: 'This server runs only the documents of its list; add yours to the file of WGQL_TRUSTED_DOCUMENTS.',
    zh: '此服务器只运行其列表中的文档；请将您的文档加入 WGQL_TRUSTED_DOCUMENTS 指定的文件。',
  });
}
