import { useMemo } from 'react';
import { useData } from '../../api/client.ts';
import { UserNamesDocument } from '../../api/generated/pages/graphql.ts';

export interface UserNames {
  readonly of: (id: string) => string | undefined;
  /** Whether a user without a name here does not exist any more. */
  readonly isComplete: boolean;
}

/** The names of users by id, because entries of the audit log have only ids. */
export function useUserNames(): UserNames {
  const { data } = useData(UserNamesDocument, {});
  return useMemo(() => {
    const names = new Map(data?.users.edges.map(({ node }) => [node.id, node.nickname]));
    return {
      of: (id) => names.get(id),
      isComplete: data?.users.pageInfo.hasNextPage === false,
    };
  }, [data]);
}
