/** The documents of a Relay client, which only its compiler reads. */
import { graphql } from 'relay-runtime';

export const query = graphql`
  query FleetQuery {
    ...Fleet_users
    sessions(first: 5) { edges { node { id startedAt user { id nickname } } } }
    events(first: 5) { edges { node { id type } } }
    status { interfaces { id name peerCount } }
  }
`;

export const users = graphql`
  fragment Fleet_users on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 1 }, cursor: { type: "String" })
  @refetchable(queryName: "FleetPageQuery") {
    users(first: $count, after: $cursor) @connection(key: "Fleet_users") {
      edges { node { id nickname totalRx } }
    }
  }
`;

export const node = graphql`
  query FleetNodeQuery($id: ID!) { node(id: $id) { nodeId ... on User { nickname } } }
`;

export const rename = graphql`
  mutation FleetRenameMutation($id: ID!, $input: UpdateUserInput!) {
    updateUser(id: $id, input: $input) { user { nickname } }
  }
`;

export const presence = graphql`
  subscription FleetPresenceSubscription { presence { user { isOnline } } }
`;
