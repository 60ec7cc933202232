import { AppError } from '../../domain/errors.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';

/** What acts on WireGuard, and so cannot be promised while the program may not write to it. */
const ENFORCED_FIELDS: ReadonlySet<string> = new Set<keyof UserFields | 'publicKey'>([
  'publicKey',
  'kickRequested',
  'cutReason',
  'interface',
  'allowedIps',
  'presharedKey',
  'persistentKeepaliveSeconds',
  'enabled',
  'expiresAt',
  'bandwidthLimit',
  'dataLimit',
  'quotaPeriod',
]);

/** Throws `UNAVAILABLE` when one of these fields acts on WireGuard and that is forbidden. */
export function requireManageMode(ctx: Context, fields: readonly string[]): void {
  if (ctx.config.manage || !fields.some((field) => ENFORCED_FIELDS.has(field))) return;
  throw new AppError('UNAVAILABLE', {
    en: 'This acts on WireGuard, and WGQL_MANAGE=off forbids writing to it; nothing has changed.',
    zh: '此操作会写入 WireGuard，而 WGQL_MANAGE=off 禁止写入；未做任何修改。',
  });
}
