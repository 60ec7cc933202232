import { AppError } from '../../domain/errors.ts';
import { fieldsWith } from '../../domain/user-fields.ts';
import type { Context } from '../context.ts';

/** Fields that take effect in WireGuard, and so cannot be changed while writing to it is forbidden. */
const ENFORCED_FIELDS: ReadonlySet<string> = new Set(fieldsWith('enforced'));

/** Throws `UNAVAILABLE` if one of the fields takes effect in WireGuard and WGQL_MANAGE is off. */
export function requireManageMode(ctx: Context, fields: readonly string[]): void {
  if (ctx.config.manage || !fields.some((field) => ENFORCED_FIELDS.has(field))) return;
  throw new AppError('UNAVAILABLE', {
    en: 'This operation changes WireGuard, which WGQL_MANAGE=off forbids, so nothing was changed; set WGQL_MANAGE=on to allow it.',
    zh: '此操作会修改 WireGuard，而 WGQL_MANAGE=off 禁止修改，因此未做任何更改；如需允许，请设置 WGQL_MANAGE=on。',
  });
}
