import * as z from 'zod';
import type { AppError } from '../../domain/errors.ts';
import { fieldsWith, USER_FIELDS } from '../../domain/user-fields.ts';
import { publishLogged } from '../../live/publish.ts';
import type { UserRecord } from '../../store/records.ts';
import type { NewUser } from '../../store/user-commands.ts';
import { authorize } from '../authorize.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { type Decided, decideImport, type ImportAction } from './decide.ts';
import { importedUsers } from './input.ts';

/** What becomes of one user. */
export interface ImportResult {
  readonly publicKey: string;
  readonly action: ImportAction;
  /** The names of the fields that get another value. */
  readonly fields: readonly string[];
  /** The user after the import; null if there is none, or if nothing was applied. */
  readonly user: UserRecord | null;
  readonly refusal: AppError | null;
}

export interface ImportOutcome {
  readonly applied: boolean;
  readonly results: readonly ImportResult[];
}

/**
 * Plans an import, or applies it: all of it, or nothing if one user is refused. Only empty fields are filled, so
 * what operators set stays and a second import changes nothing. `takeOver`: the peers become managed, and users
 * without a peer are created.
 */
export const importUsers = useCase(
  'importUsers',
  'operator',
  z.object({
    users: importedUsers,
    takeOver: input.boolean,
    apply: input.boolean,
  }),
  async (ctx, { users, takeOver, apply }): Promise<ImportOutcome> => {
    const { name: actor } = authorize(ctx, 'operator');
    const at = new Date(ctx.clock.wallMs());
    const interfaces = await ctx.store.overview.interfaces(ctx.config.interfaces);
    const places = new Map<string, readonly string[]>();
    // Only a peer that is taken over is assigned to where it is.
    for (const { publicKey } of takeOver ? users : []) {
      places.set(publicKey, await ctx.store.peers.interfacesOf(publicKey));
    }
    const decided: Decided[] = [];
    const items = users.map((given) => ({
      publicKey: given.publicKey,
      decide: (...row: Parameters<NewUser['decide']>) => {
        const one = decideImport(ctx, { given, takeOver, at, interfaces, places }, ...row);
        decided.push(one);
        return one.edit;
      },
    }));
    const writes = await ctx.store.commands.createAll(
      items,
      { actor, action: 'importUsers', at },
      () => apply && decided.every(({ refusal }) => refusal === null),
    );
    const written = new Map(writes?.map(({ user }) => [user.publicKey, user]));
    if (writes !== null) {
      publishLogged(
        ctx.bus,
        writes.flatMap(({ events }) => events),
        at,
      );
      void ctx.pollNow();
    }
    return {
      applied: writes !== null,
      results: users.map(({ publicKey }, index) =>
        resultOf(publicKey, decided[index] as Decided, written.get(publicKey) ?? null),
      ),
    };
  },
);

function resultOf(
  publicKey: string,
  { action, edit, refusal }: Decided,
  user: UserRecord | null,
): ImportResult {
  const fields = Object.keys(edit?.fields ?? {}).flatMap((name) => SHOWN_AS.get(name) ?? []);
  return { publicKey, action, fields, user, refusal };
}

/** The names that clients know, by the stored fields. */
const SHOWN_AS: ReadonlyMap<string, string> = new Map([
  ...fieldsWith('input').map((name) => [name, USER_FIELDS[name].input] as const),
  ['managed', 'managed'],
  ['offsetRx', 'totalRx'],
  ['offsetTx', 'totalTx'],
]);
