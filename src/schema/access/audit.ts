import type { AuditAction as AuditActionName } from '../../domain/audit-action.ts';
import { auditLog } from '../../resolvers/event.ts';
import type { AuditRecord } from '../../resolvers/records.ts';
import { builder } from '../builder.ts';
import { defineConnection, logPageArgs } from '../connection.ts';
import { Node } from '../node.ts';

const AuditAction = builder.enumType('AuditAction', {
  description: 'What an entry of the audit log records: a mutation, or an action of wgql itself.',
  values: {
    createUser: { description: 'A user was created.' },
    provisionUser: { description: 'A user was created together with its client configuration.' },
    importUsers: { description: 'A user was created or completed by an import.' },
    updateUser: { description: 'Fields of a user were changed.' },
    setUserEnabled: { description: 'A user was enabled or disabled.' },
    resetTraffic: { description: 'The totals of a user were set to zero.' },
    kickUser: { description: 'A client was forced to repeat the handshake.' },
    deleteUser: { description: 'The deletion of a user was requested.' },
    deleteUserFailed: {
      description: 'A deletion was undone because the peer could not be removed.',
    },
    cutOff: {
      description:
        'wgql removed a peer because of a limit, or because it had been restored outside wgql.',
    },
    updateInterface: { description: 'Client defaults of an interface were changed.' },
    createToken: { description: 'A token was created.' },
    revokeToken: { description: 'A token was revoked.' },
    endLogin: { description: 'A login was ended by an administrator.' },
    createWebhook: { description: 'A webhook was created.' },
    updateWebhook: { description: 'A webhook was changed.' },
    deleteWebhook: { description: 'A webhook was deleted.' },
    rotateWebhookSecret: { description: 'The secret of a webhook was replaced.' },
    testWebhook: { description: 'A test message was sent to a webhook.' },
    replayWebhook: { description: 'Logged events were sent to a webhook again.' },
    repeatWebhookDelivery: { description: 'One message was sent to a webhook again.' },
  } satisfies Record<AuditActionName, { description: string }>,
});

const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'A record of who requested which change.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Increases with every entry.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the change was recorded.' }),
    actor: t.exposeString('actor', {
      description:
        'Who requested it: the name of a token, "local", "cli" for the command line, or "wgql" for an action of wgql itself.',
    }),
    action: t.field({
      type: AuditAction,
      description: 'What was changed.',
      resolve: ({ action }) => action as AuditActionName,
    }),
    userId: t.exposeID('userId', {
      nullable: true,
      description: 'The id of the affected user; null if there is none.',
    }),
    detail: t.exposeString('detail', {
      description:
        'JSON: the names of the changed fields, or why a peer was removed; never a secret.',
    }),
  }),
});

const AuditConnection = defineConnection<AuditRecord>('Audit', AuditEntry);

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Selects entries of the audit log. Absent and null fields do not filter.',
  fields: (t) => ({
    userId: t.id({ description: 'Only entries about this user.' }),
    actions: t.field({ type: [AuditAction], description: 'Only entries with these actions.' }),
    actor: t.string({
      description: 'Only entries of exactly this actor, such as the name of a token.',
    }),
    from: t.field({ type: 'DateTime', description: 'Only entries at or after this time.' }),
    to: t.field({ type: 'DateTime', description: 'Only entries before this time.' }),
  }),
});

builder.queryField('auditLog', (t) =>
  t.field({
    type: AuditConnection,
    args: {
      ...logPageArgs,
      filter: t.arg({ type: AuditFilter, description: 'Which entries to return. Null: all.' }),
    },
    description:
      'The entries of the audit log that match the filter: who requested which change, oldest first unless `newestFirst` is set. Requires the role admin.',
    resolve: (_, args, ctx) => auditLog(ctx, args),
  }),
);
