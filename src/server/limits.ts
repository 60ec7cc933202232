/**
 * The limits of the server. Of the time limits, only `silentForMs` applies to event streams, and only
 * `pingEveryMs` to acknowledged WebSockets.
 */
export interface ServerLimits {
  /**
   * From the opening of a connection to the last request header; also from its opening to the TLS handshake.
   */
  readonly headersWithinMs: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestWithinMs: number;
  /** How long a connection may be idle while a request is answered, or after a failed upgrade. */
  readonly silentForMs: number;
  /** How often connections are checked; the precision of the first two limits. */
  readonly checkEveryMs: number;
  /** From the opening of a WebSocket to its `connection_init`. */
  readonly initWithinMs: number;
  /** How long a client has to answer the close of its WebSocket before the connection is destroyed. */
  readonly closeWithinMs: number;
  /** From the start of an operation to its result. */
  readonly operationWithinMs: number;
  /** From the first to the last byte of a list requested without pages. */
  readonly listWithinMs: number;
  /** The time between two pings; a WebSocket that has not answered by the next one is terminated. */
  readonly pingEveryMs: number;
  /** How often event streams are checked for vanished clients; four failed checks in a row end a stream. */
  readonly lookForVanishedEveryMs: number;
  /** The number of concurrent connections; the operating system limits the open files of a process. */
  readonly connections: number;
}

export const SERVER_LIMITS: ServerLimits = {
  headersWithinMs: 10_000,
  requestWithinMs: 30_000,
  silentForMs: 60_000,
  checkEveryMs: 5_000,
  initWithinMs: 3_000,
  closeWithinMs: 3_000,
  operationWithinMs: 30_000,
  listWithinMs: 300_000,
  pingEveryMs: 30_000,
  lookForVanishedEveryMs: 10_000,
  connections: 10_000,
};

/**
 * The number of concurrent tasks, per client and in total. A client is identified by its token and its
 * address.
 */
export const WORK_LIMITS = {
  /** Responses and slices of lists. Each takes a few milliseconds, and the event loop runs between two. */
  answers: { perClient: 2, total: 4, waiting: 1_000 },
  /** Lists requested without pages. */
  lists: { perClient: 4, total: 32, waiting: 100 },
  /** Parts of long responses, and results of subscriptions. Waiting ones belong to running operations. */
  steps: { perClient: 2, total: 4, waiting: Number.POSITIVE_INFINITY },
  /**
   * Received WebSocket messages. A WebSocket is paused while its messages wait, which limits their number.
   */
  messages: { perClient: 1, total: 2, waiting: Number.POSITIVE_INFINITY },
};

/**
 * The size of a GraphQL request body. The longest legitimate one imports 1000 users with 300 bytes each; the document in
 * it has its own limits.
 */
export const MAX_GRAPHQL_BODY_BYTES = 500_000;

/** The limits of one document. A page with all data of one user needs a tenth of them. */
export const DOCUMENT_LIMITS = {
  tokens: 2_000,
  aliases: 50,
  directives: 50,
  /** Nested fields; fragments do not count. */
  depth: 12,
  /** Fields; a fragment counts each time it is used. */
  fields: 1_000,
  /** In returned values; see `costOf` in src/schema. 1000 users with all fields cost 60 000. */
  cost: 100_000,
};
