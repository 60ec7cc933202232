import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Span, Tracer } from '../../tracing/tracer.ts';

/** The methods that the server knows; others get one name together. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What the router adds to a request. */
export type Routed = IncomingMessage & {
  readonly baseUrl?: string;
  readonly route?: { readonly path: unknown };
};

/**
 * Handles each request within a span, which ends with its response. Its name has the path of the route and never that
 * of the request, which may contain keys, names and secrets.
 */
export function traceRequests(handle: RequestListener, tracer: Tracer): RequestListener {
  return (request, response) => {
    const name = isGraphQL(request.url) ? 'graphql' : methodOf(request);
    tracer.request(name, request.headers, (span) => {
      span.set({ 'http.request.method': methodOf(request) });
      response.once('close', () => endSpan(span, request, response));
      handle(request, response);
    });
  };
}

/** Names the span of a request by its route. */
export function nameByRoute(span: Span, request: IncomingMessage, route: string): void {
  span.rename(`${methodOf(request)} ${route}`);
  span.set({ 'http.route': route });
}

/** The path of the route that handles a request, such as `/api/users/:id`; null if none does. */
export function routeOf({ baseUrl = '', route }: Routed): string | null {
  if (typeof route?.path !== 'string') return null;
  // The router accepts the first part in either case.
  return `${baseUrl.toLowerCase()}${route.path}`;
}

function endSpan(span: Span, request: Routed, response: ServerResponse): void {
  const route = routeOf(request);
  if (route !== null) nameByRoute(span, request, route);
  if (response.headersSent) {
    const { statusCode } = response;
    span.set({ 'http.response.status_code': statusCode });
    if (statusCode >= 500) span.fail(String(statusCode));
  }
  span.end();
}

function methodOf({ method = '' }: IncomingMessage): string {
  return METHODS.has(method) ? method : '_OTHER';
}

function isGraphQL(url = ''): boolean {
  return /^\/graphql(?:[/?]|$)/.test(url);
}
