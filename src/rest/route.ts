import type { Role } from '../access/principal.ts';
import type { Context } from '../resolvers/context.ts';
import type { Body } from './body.ts';
import type { Raw } from './coerce.ts';
import type { Operation } from './contract/operations.ts';
import type { BytesAs } from './contract/parameters.ts';
import type { Json } from './json.ts';

/** The response of a path. */
export interface Answer {
  readonly body: Json;
  /** Absent: byte counts are numbers. */
  readonly bytes?: BytesAs;
  /** The value of `X-Total-Count`. */
  readonly totalCount?: number;
}

/** A response that stays the same until a user changes. */
export interface UsersAnswer {
  readonly text: string;
  readonly totalCount: number;
  /** The number of the commit whose users it shows. */
  readonly revision: number;
  /** Makes it again from the current users; rejects if the client's access has ended. */
  again(): Promise<UsersAnswer>;
}

/** A response with an array of any length, which is read while it is sent. */
export interface ListAnswer {
  readonly bytes: BytesAs;
  open(): Promise<OpenList>;
}

export interface OpenList {
  readonly totalCount: number;
  readonly slices: Iterator<readonly Json[], void, void>;
  /** Must always be called, even after a failure. */
  close(): void;
}

export interface RestRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Raw;
  readonly body: Body;
}

/** One documented method and path. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** In Express syntax. */
  readonly path: string;
  readonly changesState: boolean;
  /** The role of the resolver, checked before the request is examined. */
  readonly role: Role;
  readonly operation: Operation;
  run(ctx: Context, request: RestRequest): Promise<Answer | UsersAnswer | ListAnswer>;
}
