/** What an entry of the audit log can be about: the mutation, or what the program did by itself. */
export const AUDIT_ACTIONS = [
  'createUser',
  'provisionUser',
  'updateUser',
  'setUserEnabled',
  'resetTraffic',
  'kickUser',
  'deleteUser',
  'deleteUserFailed',
  'cutOff',
  'createToken',
  'revokeToken',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
