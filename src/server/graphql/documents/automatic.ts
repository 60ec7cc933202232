import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ErrorCode } from '../../../domain/errors.ts';
import { type Documents, givenText, hashIn } from './documents.ts';

const MAX_DOCUMENTS = 1_000;
/** Texts of all documents together. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

const CODE: ErrorCode = 'PERSISTED_QUERY_NOT_FOUND';

/**
 * Automatic persisted queries: a document that was sent with its hash once runs by the hash alone. The documents used
 * least recently are forgotten; their clients then send the text again.
 */
export function automaticDocuments(): Documents {
  const texts = new LRUCache<string, string>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length,
  });
  const known = (hash: unknown) => (typeof hash === 'string' ? texts.get(hash) : undefined);
  return {
    areTrusted: false,
    textOf: (request) => {
      const hash = hashIn(request);
      const text = givenText(request);
      if (hash === undefined) return text;
      if (text === undefined) return known(hash) ?? notFound();
      if (hash === sha256(text)) texts.set(hash, text);
      return text;
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Clients react to this message, which is therefore not translated, by sending the full text. */
function notFound(): never {
  throw new GraphQLError('PersistedQueryNotFound', {
    extensions: { code: CODE },
  });
}
