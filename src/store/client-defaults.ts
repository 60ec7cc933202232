import type { Database } from './database/open.ts';
import { translateWriteErrors } from './failures/write-errors.ts';
import { readMeta, VALUE_OF, writeMeta } from './meta.ts';
import type { Command } from './user-commands.ts';

/** What client configurations of an interface have unless a request says otherwise; null means the setting. */
export interface ClientDefaults {
  /** `host` or `host:port`. */
  readonly endpoint: string | null;
  readonly dns: readonly string[] | null;
  readonly allowedIps: readonly string[] | null;
  readonly mtu: number | null;
  /** Seconds; 0 means off. */
  readonly keepalive: number | null;
}

const NONE: ClientDefaults = {
  endpoint: null,
  dns: null,
  allowedIps: null,
  mtu: null,
  keepalive: null,
};

const keyOf = (name: string) => `clientDefaults:${name}`;

export function clientDefaultsStore(db: Database) {
  return {
    of: async (name: string): Promise<ClientDefaults> => {
      const text = await readMeta(db, keyOf(name));
      return text === null ? NONE : { ...NONE, ...JSON.parse(text) };
    },

    /** Changes the given defaults. */
    change: (
      name: string,
      changes: Partial<ClientDefaults>,
      { actor, action, at }: Command,
    ): Promise<void> =>
      translateWriteErrors(
        db.$transaction(async (tx) => {
          const [row] = await tx.$queryRawUnsafe<{ value: string }[]>(VALUE_OF, keyOf(name));
          const defaults = { ...NONE, ...JSON.parse(row?.value ?? '{}'), ...changes };
          await writeMeta(tx, keyOf(name), JSON.stringify(defaults));
          const detail = JSON.stringify({ interface: name });
          await tx.auditEntry.create({ data: { at, actor, action, userId: null, detail } });
        }),
      ),
  };
}
