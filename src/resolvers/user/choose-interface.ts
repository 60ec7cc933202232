import { type AppError, invalidField } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';

/**
 * Chooses the interface of a new user: the given one, otherwise the only monitored one, otherwise none yet.
 * Configured interfaces count whether they exist or not; if none are configured, existing interfaces count.
 */
export function chooseInterface(
  { config }: Pick<Context, 'config'>,
  known: readonly { readonly name: string; readonly up: boolean }[],
  named: string | null | undefined,
): string | null {
  if (named != null) return named;
  const up = known.filter((one) => one.up);
  const found = (up.length > 0 ? up : known).map(({ name }) => name);
  const candidates = config.interfaces.length > 0 ? config.interfaces : found;
  if (candidates.length < 2) return candidates[0] ?? null;
  throw severalInterfaces(candidates);
}

function severalInterfaces(names: readonly string[]): AppError {
  return invalidField('interface', {
    en: `must be given because there are several interfaces: ${names.join(', ')}`,
    zh: `必须提供，因为有多个接口：${names.join(', ')}`,
  });
}

/** Makes sure that taking over a peer does not move it: assigns the interface that has the peer. */
export function followPeer(
  fields: UserFields,
  { interface: assigned }: UserRecord,
  [place, ...others]: readonly string[],
): void {
  if (fields.interface !== undefined || place === undefined) return;
  if (assigned === null || ![place, ...others].includes(assigned)) fields.interface = place;
}
