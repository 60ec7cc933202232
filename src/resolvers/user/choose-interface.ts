import { type AppError, invalidField } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';

/**
 * Where a new user lives: the interface named, else the only one watched, else none yet. Interfaces that
 * the settings name count whether they are there or not; where these name none, those that are there.
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

/** Nobody but the client can say which of them is meant. */
function severalInterfaces(names: readonly string[]): AppError {
  return invalidField('interface', {
    en: `must be given, since there are several: ${names.join(', ')}`,
    zh: `必须提供，因为有多个接口：${names.join(', ')}`,
  });
}

/** A take-over moves nobody: where the assigned interface does not have the peer, the one that has it is assigned. */
export function followPeer(
  fields: UserFields,
  { interface: assigned }: UserRecord,
  [place, ...others]: readonly string[],
): void {
  if (fields.interface !== undefined || place === undefined) return;
  if (assigned === null || ![place, ...others].includes(assigned)) fields.interface = place;
}
