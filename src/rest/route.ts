import type { Role } from '../access/principal.ts';
import type { Context } from '../resolvers/context.ts';
import type { Body } from './body.ts';
import type { Raw } from './coerce.ts';
import type { Json } from './json.ts';

/** What a path answers. */
export interface Answer {
  readonly body: Json;
  /** For `X-Total-Count`. */
  readonly totalCount?: number;
}

/** An array of any length, which is read as it is sent. */
export interface ListAnswer {
  open(): Promise<OpenList>;
}

export interface OpenList {
  readonly totalCount: number;
  readonly slices: Iterator<readonly Json[], void, void>;
  /** To be called in any case. */
  close(): void;
}

export interface RestRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Raw;
  readonly body: Body;
}

/** One documented path. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** In Express's writing. */
  readonly path: string;
  readonly changesState: boolean;
  /** That of its resolver, asked for before anything of the request is looked at. */
  readonly role: Role;
  run(ctx: Context, request: RestRequest): Promise<Answer | ListAnswer>;
}
