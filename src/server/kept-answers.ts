import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeader, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import accepts from 'accepts';
import { LRUCache } from 'lru-cache';
import { authorize } from '../resolvers/authorize.ts';
import type { Services } from '../resolvers/context.ts';
import { type Sight, sightOf } from '../resolvers/redaction.ts';
import type { UsersAnswer } from '../rest/route.ts';
import type { Authenticate } from './gate/authenticate.ts';
import type { Gate } from './gate/gate.ts';
import { nameByRoute, type Routed, routeOf } from './tracing/requests.ts';

/** Sends answers about users again, without running anything, as long as no user has changed. */
export interface KeptAnswers {
  /**
   * Sends the kept answer to this request. false: there is none, so the request must be handled. A promise: the
   * answer is being made.
   */
  sendAgain(request: IncomingMessage, response: ServerResponse): boolean | Promise<boolean>;
  /** Sends an answer whose headers are set, and keeps it. */
  send(request: RoutedRequest, response: ServerResponse, answer: UsersAnswer): void;
}

/** A request whose `url` a router has shortened. */
type RoutedRequest = Routed & { readonly originalUrl: string };

export interface KeptAnswersOptions {
  readonly services: Pick<Services, 'store' | 'clock' | 'bus' | 'tracer'>;
  readonly gate: Gate;
  readonly authenticate: Authenticate;
}

type Encoding = 'identity' | 'gzip' | 'br';

interface Kept {
  readonly revision: number;
  /** null: it is sent once. */
  readonly tag: string | null;
  readonly headers: readonly OutgoingHttpHeader[];
  readonly bodies: Map<Encoding, Buffer | Promise<Buffer>>;
  readonly again: UsersAnswer['again'];
  /** The path of the route that made it. */
  readonly route: string;
  /** It was sent since it was made. */
  isAskedFor: boolean;
}

/** Answers to one revision; the list of 50 000 users has 18 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ANSWERS = 500;
/** Answers made again after each commit, before they are asked for. */
const MAX_AHEAD = 10;
/** Different values of `Accept-Encoding`; programs send a handful. */
const MAX_HEADERS = 100;

const QUICK_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const COMPRESS = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, QUICK_BROTLI),
  gzip: promisify(gzip) as (bytes: Buffer) => Promise<Buffer>,
};

export function createKeptAnswers(options: KeptAnswersOptions): KeptAnswers {
  const { services, gate, authenticate } = options;
  const { users } = services.store;
  const { tracer } = services;
  const answers = new LRUCache<string, Kept>({
    max: MAX_ANSWERS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ bodies }) => (bodies.get('identity') as Buffer).length,
  });
  const encodings = new LRUCache<string, Encoding>({ max: MAX_HEADERS });
  // Revisions are counted again from each start.
  const start = randomBytes(6).toString('base64url');
  let latest = -1;
  /** The answers that are being made ahead, by key. */
  const ahead = new Map<string, Promise<void>>();

  const encodingFor = (request: IncomingMessage): Encoding => {
    const header = request.headers['accept-encoding'];
    if (header === undefined) return 'identity';
    const known = encodings.get(header) ?? chosenEncoding(request);
    encodings.set(header, known);
    return known;
  };

  const sightOfReader = (request: IncomingMessage) => sightOf({ principal: authenticate(request) });
  /** Readers of one kind get the same answer. */
  const keyOf = (sight: Sight, url: string | undefined) => `${sight} ${url}`;

  const made = (
    { text, revision, again }: UsersAnswer,
    { tag, headers, route }: Pick<Kept, 'tag' | 'headers' | 'route'>,
  ): Kept => {
    const bodies = new Map([['identity', Buffer.from(text)] as const]);
    return { revision, tag, headers, bodies, again, route, isAskedFor: false };
  };

  const keep = (key: string, kept: Kept): void => {
    const { revision } = kept;
    if (revision > latest) answers.clear();
    latest = Math.max(latest, revision);
    // An answer that took longer than the next commit is only sent.
    if (revision === latest) answers.set(key, kept);
  };

  /** What was asked for since the last commit will be asked for again. */
  const makeAhead = async (): Promise<void> => {
    const wanted = [...answers].filter(([, kept]) => kept.isAskedFor).slice(0, MAX_AHEAD);
    for (const [key, { revision, headers, tag, again, route }] of wanted) {
      if (answers.get(key)?.revision === users.revision) continue;
      const making = again().then((answer) => {
        const next = String(tag).replace(`-${revision}-`, `-${answer.revision}-`);
        const changed = new Map([
          ['etag', next],
          ['x-total-count', String(answer.totalCount)],
        ]);
        keep(key, made(answer, { tag: next, headers: withValues(headers, changed), route }));
      });
      // Who asks next gets the error.
      ahead.set(
        key,
        making.catch(() => {}).finally(() => ahead.delete(key)),
      );
      await ahead.get(key);
    }
  };

  const followCommits = async (): Promise<void> => {
    for await (const _ of services.bus.subscribe('commit')) await makeAhead();
  };
  void followCommits();

  const transmit = (request: IncomingMessage, response: ServerResponse, kept: Kept): void => {
    kept.isAskedFor = true;
    if (isKnown(request.headers['if-none-match'], kept.tag)) {
      response.writeHead(304, [...kept.headers]).end();
      return;
    }
    const encoding = encodingFor(request);
    const body = bodyIn(kept, encoding);
    const end = (bytes: Buffer) => {
      const headers = [...kept.headers, 'Content-Length', bytes.length];
      if (encoding !== 'identity') headers.push('Content-Encoding', encoding);
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes);
    };
    if (Buffer.isBuffer(body)) end(body);
    else void body.then(end, () => response.destroy());
  };

  return {
    sendAgain: (request, response) => {
      if (request.method !== 'GET' || hasBody(request)) return false;
      try {
        gate.admit(request);
        authorize({ principal: authenticate(request), accessClock: services.clock }, 'self');
      } catch {
        // It is checked again where errors are answered.
        return false;
      }
      const key = keyOf(sightOfReader(request), request.url);
      const sendKept = () => {
        const kept = answers.get(key);
        if (kept === undefined || kept.revision !== users.revision) return false;
        const span = tracer?.active() ?? null;
        if (span !== null) nameByRoute(span, request, kept.route);
        transmit(request, response, kept);
        return true;
      };
      return ahead.get(key)?.then(sendKept) ?? sendKept();
    },
    send: (request, response, answer) => {
      const sight = sightOfReader(request);
      // Who sees only its own users sees others than its neighbour, and must not notice when those change.
      const isKept = sight !== 'own';
      // Readers of different kinds must not confuse their answers.
      const reader = sight === 'all' ? 'a' : 'b';
      const tag = isKept ? `W/"${start}-${answer.revision}-${reader}"` : null;
      if (tag !== null) response.setHeader('ETag', tag);
      response.setHeader('Vary', 'Accept-Encoding');
      const headers = headersOf(response);
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      const kept = made(answer, { tag, headers, route: routeOf(request) ?? '' });
      if (isKept) keep(keyOf(sight, request.originalUrl), kept);
      transmit(request, response, kept);
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** Names and values in turn, as `writeHead` writes them quickest. */
function headersOf(response: ServerResponse): OutgoingHttpHeader[] {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [
    name,
    value as OutgoingHttpHeader,
  ]);
}

/** The same names with some other values. */
function withValues(
  headers: readonly OutgoingHttpHeader[],
  values: ReadonlyMap<string, string>,
): OutgoingHttpHeader[] {
  return headers.map((value, index) => {
    const name = index % 2 === 1 ? headers[index - 1] : undefined;
    return values.get(String(name)) ?? value;
  });
}

function isKnown(ifNoneMatch: string | undefined, tag: string | null): boolean {
  if (ifNoneMatch === undefined || tag === null) return false;
  const weak = (one: string) => one.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || weak(one) === weak(tag));
}

function chosenEncoding(request: IncomingMessage): Encoding {
  const chosen = accepts(request).encodings(['br', 'gzip', 'identity']);
  return chosen === 'br' || chosen === 'gzip' ? chosen : 'identity';
}

/** The body in an encoding, which is made when it is first asked for. */
function bodyIn({ bodies }: Kept, encoding: Encoding): Buffer | Promise<Buffer> {
  const known = bodies.get(encoding);
  if (known !== undefined) return known;
  const made = COMPRESS[encoding as keyof typeof COMPRESS](bodies.get('identity') as Buffer);
  bodies.set(encoding, made);
  void made.then(
    (bytes) => bodies.set(encoding, bytes),
    () => bodies.delete(encoding),
  );
  return made;
}
