import schema from 'wgql:schema';
import {
  type CacheExchangeOpts,
  cacheExchange,
  type KeyingConfig,
  type UpdateResolver,
} from '@urql/exchange-graphcache';

/** The types of objects with an id of their own; all others are parts of the objects that contain them. */
const ENTITIES = new Set([
  ...['AuditEntry', 'Event', 'Interface', 'Login', 'Session', 'Token', 'User', 'Webhook'],
  'WebhookDelivery',
]);

const keys: KeyingConfig = Object.fromEntries(
  schema.__schema.types
    .filter(({ kind, name }) => kind === 'OBJECT' && !ENTITIES.has(name))
    .map(({ name }) => [name, () => null]),
);

/** Forgets the lists that a change may have made longer or shorter, so that they are read again. */
const forgetLists =
  (...fields: readonly string[]): UpdateResolver =>
  (_result, _args, cache) => {
    for (const { fieldName, fieldKey } of cache.inspectFields('Query')) {
      if (fields.includes(fieldName)) cache.invalidate('Query', fieldKey);
    }
  };

const forgetUsers = forgetLists('users', 'tags', 'owners');

export const cache = cacheExchange({
  schema: schema as unknown as CacheExchangeOpts['schema'],
  keys,
  updates: {
    Mutation: {
      createUser: forgetUsers,
      provisionUser: forgetUsers,
      deleteUser: forgetUsers,
      createToken: forgetLists('tokens'),
      createWebhook: forgetLists('webhooks'),
      deleteWebhook: forgetLists('webhooks'),
      endLogin: forgetLists('logins'),
    },
  },
});
