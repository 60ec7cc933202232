import type { Api } from '../api/api.ts';
import { type ShownUser, USER_FIELDS } from './user.ts';

const USERS = `query ($filter: UserFilter, $after: String) {
  users(first: 100, after: $after, filter: $filter) {
    edges { node { ${USER_FIELDS} } } pageInfo { endCursor hasNextPage }
  }
}`;

export interface ListOptions {
  readonly online?: boolean;
  readonly search?: string;
  readonly interface?: string;
  readonly owner?: string;
  readonly tag?: string;
}

/** The `UserFilter` that the options set. */
export function filterOf({ online, search, interface: name, owner, tag }: ListOptions): object {
  return { online, search, interface: name, owner, tag };
}

interface Page {
  readonly users: {
    readonly edges: readonly { readonly node: ShownUser }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

/** All users that match the filter, in the server's order. */
export async function listAll(api: Api, filter: object): Promise<ShownUser[]> {
  const found: ShownUser[] = [];
  let after: string | null = null;
  for (let isLast = false; !isLast; ) {
    const { users }: Page = await api.ask<Page>(USERS, { filter, after });
    found.push(...users.edges.map(({ node }) => node));
    after = users.pageInfo.endCursor;
    isLast = !users.pageInfo.hasNextPage;
  }
  return found;
}
