import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';

/** The events to log if a change enables or disables the user. */
export function switchEvents(fields: UserFields, before: UserRecord | null): string[] {
  if (fields.enabled === undefined || fields.enabled === (before?.enabled ?? true)) return [];
  return [fields.enabled ? 'USER_ENABLED' : 'USER_DISABLED'];
}
