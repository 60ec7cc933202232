import * as z from 'zod';
import * as answers from './answers.ts';
import * as bodies from './bodies.ts';
import type { DescribedError } from './errors.ts';
import type { HeaderName } from './headers.ts';
import * as parameters from './parameters.ts';

/** What the API description says about a method and path. */
export interface Operation {
  /** Its name in generated clients. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  readonly query: z.ZodObject;
  /** Absent: it has no body. */
  readonly body?: z.ZodObject;
  readonly answer: z.ZodType;
  /** The headers of a successful response. */
  readonly headers?: readonly HeaderName[];
  /** Its errors, besides those that every operation with its method has. */
  readonly errors?: readonly DescribedError[];
}

export const TAGS = {
  users: 'Users: lists of them, and changes to them.',
  sessions: 'Sessions: when users were online.',
  overview: 'The state of the program, key numbers and traffic by day.',
} as const;
type Tag = keyof typeof TAGS;

/** Sentences that several descriptions share. */
const WHOLE_LIST = 'Returns the whole list, unless `page` or `per_page` is given.';
const ACT =
  'The change is recorded at once, and made in WireGuard as soon as possible. Kicking a user who is offline changes nothing, and is answered with `status` `info`.';
const ACT_BY_GET =
  'For clients of the previous server. Use POST: programs that follow links must not change anything.';
const CREATE = 'Creates a user, or adopts the user of a peer that was only discovered.';

const listOfUsers = { tag: 'users', headers: ['X-Total-Count', 'ETag'] } as const;
const listOfSessions = { tag: 'sessions', headers: ['X-Total-Count'] } as const;
const creation = {
  tag: 'users',
  query: parameters.noQuery,
  body: bodies.createBody,
  answer: answers.createdAnswer,
  errors: ['CONFLICT'],
} as const;
const action = { tag: 'users', answer: answers.doneAnswer, errors: ['NOT_FOUND'] } as const;

export const OPERATIONS = {
  listUsers: {
    ...listOfUsers,
    summary: 'All users',
    description: `Returns users by id. ${WHOLE_LIST}`,
    query: parameters.listQuery,
    answer: z.array(answers.userAnswer),
  },
  listManagedUsers: {
    ...listOfUsers,
    summary: 'Users with their presence',
    description: `Returns users by id, filtered by text and status. ${WHOLE_LIST}`,
    query: parameters.managementQuery,
    answer: z.array(answers.managedUserAnswer),
  },
  listLatestSessions: {
    ...listOfSessions,
    summary: 'The latest session of each user',
    description: `Returns users who are online first, then by last activity. Users without a session are left out. ${WHOLE_LIST}`,
    query: parameters.listQuery,
    answer: z.array(answers.sessionAnswer),
  },
  listSessions: {
    ...listOfSessions,
    summary: 'All sessions',
    description: `Returns sessions, newest first, filtered by user, status and time. ${WHOLE_LIST}`,
    query: parameters.historyQuery,
    answer: z.array(answers.sessionAnswer),
  },
  getStatus: {
    tag: 'overview',
    summary: 'The state of the program',
    description: 'Returns the state of the program and of every interface.',
    query: parameters.bytesQuery,
    answer: answers.statusAnswer,
  },
  getDashboard: {
    tag: 'overview',
    summary: 'Key numbers',
    description: 'Returns numbers of users and sessions, and bytes in total and of today.',
    query: parameters.bytesQuery,
    answer: answers.dashboardAnswer,
  },
  getDailyTraffic: {
    tag: 'overview',
    summary: 'Traffic by day',
    description: 'Returns one entry for each day, oldest first; today is the last.',
    query: parameters.chartQuery,
    answer: z.array(answers.dayAnswer),
  },
  createUser: { ...creation, summary: 'Create a user', description: CREATE },
  createUserAtOldPath: {
    ...creation,
    summary: 'Create a user, at the path of the previous server',
    description: `${CREATE} The same as POST /api/users.`,
  },
  updateUser: {
    tag: 'users',
    summary: 'Change a user',
    description: 'Changes the given properties, and no others.',
    query: parameters.noQuery,
    body: bodies.updateBody,
    answer: answers.doneAnswer,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  actOnUser: {
    ...action,
    summary: 'Enable, disable, reset, kick or delete a user',
    description: ACT,
    query: parameters.noQuery,
  },
  actOnUserByName: {
    ...action,
    summary: 'Act on a user, with the action as a parameter',
    description: `${ACT} The action is given in the query or in the body.`,
    query: parameters.actionPostQuery,
    body: bodies.actionBody,
  },
  getActionOnUser: {
    ...action,
    summary: 'Act on a user with GET',
    description: ACT_BY_GET,
    query: parameters.noQuery,
  },
  getActionOnUserByName: {
    ...action,
    summary: 'Act on a user with GET, with the action as a parameter',
    description: ACT_BY_GET,
    query: parameters.actionQuery,
  },
} as const satisfies Readonly<Record<string, Omit<Operation, 'id'>>>;
