import * as z from 'zod';
import { RESERVED_NAMES, ROLES } from '../../access/principal.ts';
import * as input from '../input.ts';

const MAX_NETWORKS = 32;

const RESERVED = new Set(RESERVED_NAMES.map((name) => name.toLowerCase()));

/** Short and without surrounding spaces, because the name identifies the token in logs. */
const tokenName = input.text
  .max(64, { error: 'tokenName' })
  .refine((name) => name !== '' && name === name.trim(), { error: 'tokenName' })
  .refine((name) => !RESERVED.has(name.toLowerCase()), { error: 'tokenName' });

const networks = z
  .array(z.string({ error: 'networks' }), { error: 'networks' })
  .min(1, { error: 'networks' })
  .max(MAX_NETWORKS, { error: 'networks' })
  .transform(input.prefixes('networks'));

/** The input for a new token, shared by all APIs and the command line. */
export const tokenInput = z
  .object({
    name: tokenName,
    role: z.enum(ROLES, { error: 'role' }),
    expiresAt: input.date.nullish(),
    allowedFrom: networks.nullish(),
    owner: input.owner.nullish(),
  })
  .refine(({ role, owner }) => (role === 'self') === (owner != null), {
    error: 'ownerOfSelf',
    path: ['owner'],
  });

export type TokenInput = z.output<typeof tokenInput>;
