import { type AppError, invalidField } from '../errors.ts';
import type { UserRecord } from '../store/records.ts';
import type { UserFields } from '../store/user-commands.ts';

/** Where a new user lives: the interface named, else the only one there is, else none yet. */
export function homeOf(
  known: readonly { readonly name: string; readonly up: boolean }[],
  named: string | null | undefined,
): string | null {
  if (named != null) return named;
  const up = known.filter((one) => one.up);
  const candidates = up.length > 0 ? up : known;
  if (candidates.length < 2) return candidates[0]?.name ?? null;
  throw severalInterfaces(candidates.map(({ name }) => name));
}

/** Nobody but the client can say which of them is meant. */
export function severalInterfaces(names: readonly string[]): AppError {
  return invalidField('interface', {
    en: `must be given, since there are several: ${names.join(', ')}`,
    zh: `必须提供，因为有多个接口：${names.join(', ')}`,
  });
}

/** A take-over moves nobody: where the home does not have the peer, its home is where it is. */
export function followPeer(
  fields: UserFields,
  { interface: home }: UserRecord,
  [place, ...others]: readonly string[],
): void {
  if (fields.interface !== undefined || place === undefined) return;
  if (home === null || ![place, ...others].includes(home)) fields.interface = place;
}
