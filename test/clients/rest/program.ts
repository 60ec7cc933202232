/**
 * A program of a client, with the types that openapi-typescript generates from openapi.json. It is checked by
 * TypeScript 5.9 as well, which the tools of clients use.
 */

// In docs/REST.md, from here
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/openapi.ts';

export type User = components['schemas']['User'];
export type Api = ReturnType<typeof connect>;

export const connect = (baseUrl: string, token: string) =>
  createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

/** The bytes of each user by name, exact above 2^53. */
export async function trafficByName(api: Api): Promise<Map<string, bigint>> {
  const { data, error } = await api.GET('/api/users', { params: { query: { bytes: 'string' } } });
  if (error) throw new Error(`${error.code}: ${error.message}`);
  return new Map(data.map((one) => [one.nickname, BigInt(one.total_rx) + BigInt(one.total_tx)]));
}
// to here

export type ErrorCode = components['schemas']['Error']['code'];

/** A failure that the server explains. */
export class ApiError extends Error {
  readonly code: ErrorCode;

  constructor({ code, message }: components['schemas']['Error']) {
    super(message);
    this.code = code;
  }
}

/** All users, read in pages. */
export async function listUsers(api: Api, perPage: number): Promise<User[]> {
  const users: User[] = [];
  for (let page = 1; ; page += 1) {
    const { data, error, response } = await api.GET('/api/users', {
      params: { query: { page, per_page: perPage } },
    });
    if (error) throw new ApiError(error);
    users.push(...data);
    if (page * perPage >= Number(response.headers.get('X-Total-Count'))) return users;
  }
}

/** The users if any has changed since they had this tag, or null. */
export async function changedUsers(
  api: Api,
  tag: string,
): Promise<{ readonly users: readonly User[]; readonly tag: string } | null> {
  const { data, error, response } = await api.GET('/api/users', {
    params: { header: { 'If-None-Match': tag } },
  });
  if (response.status === 304) return null;
  if (error) throw new ApiError(error);
  return { users: data, tag: response.headers.get('ETag') ?? '' };
}

type NewUser = components['schemas']['NewUser'];
type UserChanges = components['schemas']['UserChanges'];

/** Creates a user, and returns its id. */
export async function createUser(api: Api, user: NewUser): Promise<number> {
  const { data, error } = await api.POST('/api/users', { body: user });
  if (error) throw new ApiError(error);
  return data.user_id;
}

export async function updateUser(api: Api, id: number, changes: UserChanges): Promise<void> {
  const { error } = await api.POST('/api/users/{id}/update', {
    params: { path: { id } },
    body: changes,
  });
  if (error) throw new ApiError(error);
}

type Action = paths['/api/users/{id}/{action}']['post']['parameters']['path']['action'];

export async function act(api: Api, id: number, action: Action): Promise<'success' | 'info'> {
  const { data, error } = await api.POST('/api/users/{id}/{action}', {
    params: { path: { id, action } },
  });
  if (error) throw new ApiError(error);
  return data.status;
}

/** What a program does about each failure. */
export function adviceFor(code: ErrorCode): 'correct' | 'authenticate' | 'wait' | 'report' {
  switch (code) {
    case 'INVALID_ARGUMENT':
    case 'NOT_FOUND':
    case 'CONFLICT':
      return 'correct';
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
      return 'authenticate';
    case 'RATE_LIMITED':
    case 'UNAVAILABLE':
      return 'wait';
    default:
      return 'report';
  }
}

/** Mistakes that the compiler finds; the function is never called. */
export async function mistakes(api: Api, user: User, id: number): Promise<void> {
  // @ts-expect-error There is no such path.
  await api.GET('/api/user');
  // @ts-expect-error The path does not support this method.
  await api.POST('/api/dashboard');
  // @ts-expect-error There is no such parameter.
  await api.GET('/api/users', { params: { query: { pages: 1 } } });
  // @ts-expect-error The parameter has other values.
  await api.GET('/api/users/management', { params: { query: { status: 'idle' } } });
  // @ts-expect-error The id is missing.
  await api.POST('/api/users/{id}/update', { body: { nickname: 'Ada' } });
  // @ts-expect-error The public key is missing.
  await createUser(api, { nickname: 'Ada' });
  // @ts-expect-error There is no such property to set.
  await updateUser(api, id, { name: 'Ada' });
  // @ts-expect-error The property has another type.
  await updateUser(api, id, { data_limit: '10 MB' });
  // @ts-expect-error There is no such action.
  await act(api, id, 'remove');
  // @ts-expect-error There is no such property.
  console.log(user.name);
  // @ts-expect-error There is no such code.
  console.log(adviceFor('GONE'));
  const { data } = await api.GET('/api/status');
  // @ts-expect-error There is no answer if the request fails.
  console.log(data.version);
}
