/** What the page to explore the API begins with: an operation of each kind, to be run as it is. */
export const EXAMPLES = `# This is the GraphQL API of wgql. Choose an operation with the button that runs it.
# Everything is described under "Docs". Where it says 1, put the id of one of your users.

query WhoIsOnline {
  users(filter: { online: true }, first: 50) {
    totalCount
    edges { node { id nickname endpoint session { startedAt rx tx } } }
  }
}

query OneUser {
  user(id: 1) {
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

# First everyone who is online, then each change.
subscription Presence {
  presence { isOnline at user { nickname } }
}

# The log: what is kept after an event, "0" for all of it, then what comes.
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
