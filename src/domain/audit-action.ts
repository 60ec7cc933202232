/** The actions in the audit log: the mutation, or what wgql did without a request. */
export const AUDIT_ACTIONS = [
  'createUser',
  'provisionUser',
  'importUsers',
  'updateUser',
  'setUserEnabled',
  'resetTraffic',
  'kickUser',
  'deleteUser',
  'deleteUserFailed',
  'cutOff',
  'updateInterface',
  'createToken',
  'revokeToken',
  'createWebhook',
  'updateWebhook',
  'deleteWebhook',
  'rotateWebhookSecret',
  'testWebhook',
  'replayWebhook',
  'repeatWebhookDelivery',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
