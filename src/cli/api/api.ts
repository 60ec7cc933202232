import { AppError, type ErrorCode, type Text } from '../../domain/errors.ts';
import { messagesOf } from './event-stream.ts';

/** The GraphQL API of a running server. */
export interface Api {
  /** Rejects with an `AppError` that has the server's message. */
  ask<Data>(document: string, variables?: object): Promise<Data>;
  /** The results of a subscription until the server ends it or the connection is lost. */
  follow<Data>(
    document: string,
    variables: object,
    signal: AbortSignal,
  ): AsyncGenerator<Data, void>;
}

export interface ApiOptions {
  /** The server's address, without a path. */
  readonly url: string;
  readonly token: string | null;
  /** The language of the server's messages. */
  readonly language: keyof Text;
}

interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: ErrorCode };
  }[];
}

export function connect({ url, token, language }: ApiOptions): Api {
  const send = async (
    document: string,
    variables: object,
    accept: string,
    signal?: AbortSignal,
  ) => {
    const request = {
      method: 'POST',
      headers: {
        accept,
        'accept-language': language,
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document, variables }),
      ...(signal !== undefined && { signal }),
    };
    return fetch(endpointOf(url), request).catch((error: unknown) => {
      throw unreachable(url, error);
    });
  };
  return {
    ask: async <Data>(document: string, variables = {}) =>
      dataOf<Data>(await bodyOf(await send(document, variables, JSON_ANSWER), url)),
    follow: async function* <Data>(document: string, variables: object, signal: AbortSignal) {
      const response = await send(document, variables, 'text/event-stream', signal);
      if (!response.ok) dataOf(await bodyOf(response, url));
      for await (const message of messagesOf(response)) {
        yield dataOf<Data>(message as GraphQLAnswer<Data>);
      }
    },
  };
}

const JSON_ANSWER = 'application/graphql-response+json, application/json';

async function bodyOf<Data>(response: Response, url: string): Promise<GraphQLAnswer<Data>> {
  const body = await response.json().catch(() => null);
  if (body === null || typeof body !== 'object') throw notWgql(url);
  return body as GraphQLAnswer<Data>;
}

function dataOf<Data>({ data, errors }: GraphQLAnswer<Data>): Data {
  const [error] = errors ?? [];
  if (error === undefined && data != null) return data;
  const { message = '', extensions } = error ?? {};
  const code = extensions?.code ?? 'INTERNAL';
  throw new AppError(code, code === 'UNAUTHENTICATED' ? withHint(message) : same(message));
}

const same = (message: string): Text => ({ en: message, zh: message });

function withHint(message: string): Text {
  return {
    en: `${message} Set WGQL_TOKEN or WGQL_TOKEN_FILE for the command.`,
    zh: `${message} 请为此命令设置 WGQL_TOKEN 或 WGQL_TOKEN_FILE。`,
  };
}

/** The GraphQL API of a server at this address. */
function endpointOf(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isRoot = parsed?.pathname === '/' && parsed.search === '';
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || !isRoot) {
    throw new AppError('INVALID_ARGUMENT', {
      en: '--url must be an address without a path, such as http://127.0.0.1:8000.',
      zh: '--url 必须是不带路径的地址，例如 http://127.0.0.1:8000。',
    });
  }
  return new URL('/graphql', parsed);
}

/** The certificate of a server mostly names another host than the loopback address. */
function unreachable(url: string, error: unknown): AppError {
  const { code = '' } = ((error as Error | null)?.cause ?? {}) as { readonly code?: string };
  if (/CERT|TLS|SELF_SIGNED/.test(code)) {
    return new AppError('UNAVAILABLE', {
      en: `The certificate of ${url} is not valid for it (${code}); name the server as its certificate does, with --url.`,
      zh: `${url} 的证书对该地址无效（${code}）；请用 --url 以证书中的名称指定服务器。`,
    });
  }
  return new AppError('UNAVAILABLE', {
    en: `No server responds at ${url}; start wgql, or name its address with --url.`,
    zh: `${url} 没有服务器响应；请启动 wgql，或用 --url 指定其地址。`,
  });
}

function notWgql(url: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `What responds at ${url} is not wgql; name its address with --url.`,
    zh: `${url} 上响应的不是 wgql；请用 --url 指定其地址。`,
  });
}
