/**
 * What the server bears. Of the times only `silentForMs` binds a live stream, and only
 * `pingEveryMs` a socket that was acknowledged.
 */
export interface ServerLimits {
  /** From the opening of a connection to the last header of its request; with TLS to its handshake too. */
  readonly headersWithinMs: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestWithinMs: number;
  /** How long nothing may move on a connection while a request is answered, or instead of a socket. */
  readonly silentForMs: number;
  /** How often connections are looked at; the first two limits are kept as exactly as this. */
  readonly checkEveryMs: number;
  /** From the opening of a WebSocket to its `connection_init`. */
  readonly initWithinMs: number;
  /** How long a client has to answer the close of its WebSocket; then it is cut. */
  readonly closeWithinMs: number;
  /** From the start of an operation to its answer. */
  readonly operationWithinMs: number;
  /** From the first to the last byte of a list that is asked for without pages. */
  readonly listWithinMs: number;
  /** Between two pings; a socket that has not answered by the next one is cut. */
  readonly pingEveryMs: number;
  /** How often it is seen whether clients of event streams acknowledge; one that does not at four looks is cut. */
  readonly lookForVanishedEveryMs: number;
  /** Connections at a time; the operating system has fewer files to give than anybody could open. */
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
 * What is done at a time, for one client and for all of them. A client is who asks, from where: a token and
 * an address.
 */
export const WORK_LIMITS = {
  /** Answers and slices of lists, each of some milliseconds; between two the event loop turns. */
  answers: { perClient: 2, total: 4, waiting: 1_000 },
  /** Lists that are asked for without pages. */
  lists: { perClient: 4, total: 32, waiting: 100 },
  /** Parts of long answers, and results of subscriptions; those that wait belong to operations that run. */
  steps: { perClient: 2, total: 4, waiting: Number.POSITIVE_INFINITY },
  /** Messages of sockets that are read. Sockets are not read while theirs wait, which bounds how many do. */
  messages: { perClient: 1, total: 2, waiting: Number.POSITIVE_INFINITY },
};

/** The body of a GraphQL request; the longest legitimate ones have a few kB. */
export const MAX_GRAPHQL_BODY_BYTES = 100_000;

/** What one document may hold. A page that shows all there is to a user takes a tenth of it. */
export const DOCUMENT_LIMITS = {
  tokens: 2_000,
  aliases: 50,
  directives: 50,
  /** Fields within fields; fragments count for nothing. */
  depth: 12,
  /** Fields, each fragment as often as it is used. */
  fields: 1_000,
  /** In values answered; see `costOf` in src/schema. 1000 users with all they have are 60 000. */
  cost: 100_000,
};
