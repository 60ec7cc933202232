import * as z from 'zod';
import type { RestName } from '../../domain/user-fields.ts';
import { MAX_ALLOWED_IPS, MAX_INT, MAX_TEXT_LENGTH } from '../../resolvers/problems.ts';
import { PATH_PARAMETERS } from './parameters.ts';

/** The bodies of requests in their plain form. Other forms that are also accepted are in `coerce.ts`. */

const text = z.string().max(MAX_TEXT_LENGTH).nullable().optional();
const key = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const limit = z.int().min(0).max(MAX_INT).nullable().optional();

const fields = {
  nickname: text.describe('The name of the user.'),
  mail: text.describe('A mail address; `""` or null clears it.'),
  phone: text.describe('A phone number; `""` or null clears it.'),
  note: text.describe('A note for administrators; `""` or null clears it.'),
  interface: z
    .string()
    .nullable()
    .optional()
    .describe('The interface of the peer; null selects the only monitored one.'),
  allowed_ips: z
    .array(z.string())
    .max(MAX_ALLOWED_IPS)
    .nullable()
    .optional()
    .describe('The allowed IPs of the peer, such as `10.77.0.5/32`; null clears them.'),
  preshared_key: key
    .nullable()
    .optional()
    .describe('A preshared key; null clears it.')
    .meta({ writeOnly: true }),
  persistent_keepalive: z
    .int()
    .min(0)
    .max(65_535)
    .nullable()
    .optional()
    .describe('Seconds between keepalives; 0 or null is none.'),
  enabled: z
    .union([z.literal([0, 1]).meta({ type: 'integer' }), z.boolean()])
    .optional()
    .describe('Whether the user may connect.'),
  bandwidth_limit: limit.describe('KB/s (1024 bytes) in each direction; 0 or null is no limit.'),
  data_limit: limit.describe(
    'MB (1048576 bytes), both directions together since the last reset; 0 or null is no limit.',
  ),
  expiry_date: z
    .string()
    .nullable()
    .optional()
    .describe(
      '`YYYY-MM-DD` (the end of that day), `YYYY-MM-DD HH:MM:SS`, or ISO 8601 with an offset; `""` or null is never.',
    ),
} satisfies Record<RestName, z.ZodType>;

export const createBody = z
  .object({
    peer_pubkey: key.describe(
      'The public key of the peer. That of a peer that was only discovered adopts its user.',
    ),
    ...fields,
  })
  .meta({
    id: 'NewUser',
    description:
      'A new user. Read-only properties of a user are ignored; any other property is rejected.',
  });

export const updateBody = z
  .object({
    peer_pubkey: key.optional().describe('Must be the key of the user; it cannot be changed.'),
    ...fields,
  })
  .meta({
    id: 'UserChanges',
    description:
      'The properties to change; absent ones stay as they are. A whole user that was read may be sent back: its read-only properties are ignored. Any other property is rejected.',
  });

export const actionBody = z
  .object({ action: PATH_PARAMETERS.action.optional() })
  .meta({ id: 'Action', description: 'The action, if the query does not name it.' });
