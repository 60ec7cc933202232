/** The initial content of the GraphiQL page: example operations of each kind, ready to run. */
export const EXAMPLES = `# This is the GraphQL API of wgql. Use the run button to choose an operation.
# All types and fields are described under "Docs". Replace the id 1 with the id of one of your users.

query WhoIsOnline {
  users(filter: { online: true }, first: 50) {
    totalCount
    edges { node { id nickname endpoint session { startedAt rx tx } } }
  }
}

query OneUser {
  user(by: { id: 1 }) {
    nickname
    lastSeenAt
    usage { today { rx tx } month { rx tx } }
    quota { limit used left period resetsAt }
    enforcement { desired applied reason lastError }
  }
}

query LatestSessions {
  sessions(first: 10) {
    edges { node { user { nickname } startedAt endedAt endReason } }
  }
}

# Sends all users who are online, then each change.
subscription Presence {
  presence { isOnline at user { nickname } }
}

# Sends the stored events after an event id ("0" for all of them), then new events.
subscription Events {
  events(after: "0") { id type at user { nickname } reason }
}

mutation Rename {
  updateUser(id: 1, input: { nickname: "Laptop" }) { user { id nickname } }
}

# At most 1024 KB/s in each direction, and 10 GB a month.
mutation Limit {
  updateUser(id: 1, input: { bandwidthLimit: 1024, dataLimit: 10240, quotaPeriod: MONTH }) {
    user { id bandwidthLimit quota { limit left resetsAt } }
  }
}
`;
