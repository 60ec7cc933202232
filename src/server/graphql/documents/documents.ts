/** What a request says about the document to run. */
export interface DocumentRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** Finds the documents that requests ask for. */
export interface Documents {
  /** Whether only listed documents run. */
  readonly areTrusted: boolean;
  /**
   * The text of the document; undefined if the request has none. Throws a `GraphQLError` if it names an unknown
   * document, or one that must not run.
   */
  textOf(request: DocumentRequest): string | undefined;
}

/** The text that a request has itself; undefined if it is empty. */
export function givenText({ query }: DocumentRequest): string | undefined {
  return typeof query === 'string' && query !== '' ? query : undefined;
}

/** The hash by which automatic persisted queries name a document. */
export function hashIn({ extensions }: DocumentRequest): unknown {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  return (persistedQuery as { sha256Hash?: unknown } | null | undefined)?.sha256Hash;
}

/** Whether a request only names its document. */
export function onlyNamesDocument(request: unknown): boolean {
  const given = (request ?? {}) as DocumentRequest;
  const { persistedQuery } = (given.extensions ?? {}) as { persistedQuery?: unknown };
  const hasName = persistedQuery != null || given.documentId != null;
  return hasName && (given.query == null || given.query === '');
}
