import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../../resolvers/context.ts';
import { isInternal, toClientError } from '../../../schema/errors.ts';
import type { ServerContext } from '../context.ts';
import { type DocumentRequest, type Documents, onlyNamesDocument } from '../documents/documents.ts';

/** Clients recognize an unknown hash only in a response with status 200. */
const STATUS: Readonly<Record<string, number>> = { PERSISTED_QUERY_NOT_FOUND: 200, FORBIDDEN: 403 };

/** Runs the documents that requests name over HTTP, and only trusted ones where there is a list. */
export function useDocuments(
  documents: Documents,
  onInternalError: (error: unknown) => void,
): Plugin<object, Context> {
  return {
    onParams: ({ request, params, setParams, context }) => {
      const requested = { ...params, ...documentIdOf(request, params) };
      try {
        const query = documents.textOf(requested);
        if (query !== undefined && onlyNamesDocument(requested)) setParams({ ...params, query });
      } catch (error) {
        if (isInternal(error)) onInternalError(error);
        const { context: given } = context as ServerContext;
        const { message, extensions } = toClientError(error, given?.language ?? 'en');
        const http = { status: STATUS[String(extensions.code)] };
        throw new GraphQLError(message, { extensions: { ...extensions, http } });
      }
    },
  };
}

/** Yoga does not read it from an address. */
function documentIdOf({ method, url }: Request, params: DocumentRequest): DocumentRequest {
  if (method !== 'GET' || params.documentId != null) return {};
  return { documentId: new URL(url).searchParams.get('documentId') ?? undefined };
}
