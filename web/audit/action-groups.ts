import type { AuditAction } from '../api/generated/pages/graphql.ts';
import { type MessageId, t } from '../text/i18n.ts';

const GROUPS = {
  user: [
    ...(['createUser', 'provisionUser', 'importUsers', 'updateUser', 'setUserEnabled'] as const),
    ...(['resetTraffic', 'kickUser', 'deleteUser', 'deleteUserFailed', 'cutOff'] as const),
  ],
  access: ['createToken', 'revokeToken', 'endLogin'],
  interface: ['updateInterface'],
  webhook: [
    ...(['createWebhook', 'updateWebhook', 'deleteWebhook', 'rotateWebhookSecret'] as const),
    ...(['testWebhook', 'replayWebhook', 'repeatWebhookDelivery'] as const),
  ],
} as const satisfies Record<string, readonly AuditAction[]>;

/** An action that is in no group would be missing from the menu; then this does not compile. */
type Missing = Exclude<AuditAction, (typeof GROUPS)[keyof typeof GROUPS][number]>;
const entries: Missing extends never ? typeof GROUPS : Missing = GROUPS;

export const actionGroups = () =>
  Object.entries(entries).map(([name, values]) => ({
    name: t(`audit.group.${name as keyof typeof GROUPS}`),
    values: values as readonly AuditAction[],
  }));

const ALL: ReadonlySet<string> = new Set(Object.values(GROUPS).flat());

export const isAction = (word: string): word is AuditAction => ALL.has(word);

/** What was done, in words. An action of a newer server has no words yet. */
export const actionName = (action: string): string =>
  isAction(action) ? t(`audit.${action}` as MessageId) : action;
