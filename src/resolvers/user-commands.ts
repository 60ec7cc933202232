import { z } from 'zod';
import { AppError, invalidField, type Text, userNotFound } from '../errors.ts';
import type { UserRecord } from '../store/records.ts';
import type { Command, UserEdit, UserFields, UserWrite } from '../store/user-commands.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import * as input from './input.ts';
import { useCase } from './use-case.ts';

const givenFields = {
  nickname: input.text,
  mail: input.mail,
  phone: input.text,
  note: input.text,
  interface: input.interfaceName,
  allowedIps: input.allowedIps,
  presharedKey: input.presharedKey,
  persistentKeepalive: input.keepalive,
  enabled: input.boolean,
  bandwidthLimit: input.limit,
  dataLimit: input.limit,
  expiresAt: input.wholeSecond,
  quotaPeriod: input.quotaPeriod,
};

/** All may be absent (unchanged) or null (cleared); `enabled` and `managed` have no cleared form. */
const userInput = z.object({
  nickname: givenFields.nickname.nullish(),
  mail: givenFields.mail.nullish(),
  phone: givenFields.phone.nullish(),
  note: givenFields.note.nullish(),
  interface: givenFields.interface.nullish(),
  allowedIps: givenFields.allowedIps.nullish(),
  presharedKey: givenFields.presharedKey.nullish(),
  persistentKeepalive: givenFields.persistentKeepalive.nullish(),
  enabled: givenFields.enabled.optional(),
  bandwidthLimit: givenFields.bandwidthLimit.nullish(),
  dataLimit: givenFields.dataLimit.nullish(),
  expiresAt: givenFields.expiresAt.nullish(),
  quotaPeriod: givenFields.quotaPeriod.nullish(),
});

type UserInput = z.output<typeof userInput>;

/** Creates a user; the key of a peer that was only discovered takes that user over. */
export const createUser = useCase(
  'operator',
  userInput.extend({ publicKey: input.publicKey }),
  async (ctx, { publicKey, ...given }): Promise<UserRecord> => {
    const home = await homeOf(ctx, given.interface ?? null);
    return commit(ctx, 'createUser', (command) =>
      ctx.store.commands.create(
        publicKey,
        (holder) => {
          if (holder?.registeredAt != null) throw keyIsTaken(holder);
          const fields = {
            ...changedFields(ctx, given, holder),
            ...(holder?.interface == null && { interface: home }),
          };
          if (holder === null) refuseUnmanaged(ctx, ['publicKey']);
          else refuseUnmanaged(ctx, Object.keys(fields));
          return {
            fields: { ...fields, managed: true, registeredAt: command.at },
            eventTypes: ['USER_CREATED', ...switchEvents(fields, holder)],
          };
        },
        command,
      ),
    );
  },
);

/** Changes the given fields; one whose value is the stored one counts as not given. */
export const updateUser = useCase(
  'operator',
  userInput.extend({
    id: input.id,
    managed: input.boolean.optional(),
    publicKey: z.string({ error: 'fixed' }).optional(),
  }),
  (ctx, { id, managed, publicKey, ...given }): Promise<UserRecord> =>
    edit(ctx, id, 'updateUser', (before) => {
      if (publicKey !== undefined && publicKey !== before.publicKey) {
        throw invalidField('publicKey', input.problemText('fixed'));
      }
      const fields: UserFields = changedFields(ctx, given, before);
      if (managed !== undefined && managed !== before.managed) fields.managed = managed;
      const switched = switchEvents(fields, before);
      const others = Object.keys(fields).filter((name) => name !== 'enabled');
      return { fields, eventTypes: [...(others.length > 0 ? ['USER_UPDATED'] : []), ...switched] };
    }),
);

/** Turns the administrator's switch. */
export const setUserEnabled = useCase(
  'operator',
  z.object({ id: input.id, enabled: input.boolean }),
  (ctx, { id, enabled }): Promise<UserRecord> =>
    edit(ctx, id, 'setUserEnabled', (before) => {
      const fields: UserFields = before.enabled === enabled ? {} : { enabled };
      return { fields, eventTypes: switchEvents(fields, before) };
    }),
);

/** Sets the user's totals and its quota's use to zero; sessions and charts stay. */
export const resetTraffic = useCase(
  'operator',
  z.object({ id: input.id }),
  (ctx, { id }): Promise<UserRecord> =>
    edit(ctx, id, 'resetTraffic', ({ rx, tx }) => ({
      fields: {
        offsetRx: rx,
        offsetTx: tx,
        quotaMarkRx: rx,
        quotaMarkTx: tx,
        quotaMarkAt: new Date(ctx.clock.wallMs()),
      },
      eventTypes: ['TRAFFIC_RESET'],
    })),
);

/** Makes the client shake hands anew. Not to be had yet. */
export const kickUser = useCase('operator', z.object({ id: input.id }), async (ctx, { id }) => {
  await existing(ctx, id);
  throw notYet();
});

/** Takes the peer off and erases the person. Not to be had yet. */
export const deleteUser = useCase('operator', z.object({ id: input.id }), async (ctx, { id }) => {
  await existing(ctx, id);
  throw notYet();
});

async function existing(ctx: Context, id: number): Promise<UserRecord> {
  const user = await ctx.loaders.user.load(id);
  if (user === null) throw userNotFound();
  return user;
}

function edit(
  ctx: Context,
  id: number,
  action: string,
  decide: (before: UserRecord) => UserEdit,
): Promise<UserRecord> {
  return commit(ctx, action, (command) =>
    ctx.store.commands.edit(
      id,
      (before) => {
        const decided = decide(before);
        refuseUnmanaged(ctx, Object.keys(decided.fields));
        return decided;
      },
      command,
    ),
  );
}

/** Writes a command, then tells those who watch. */
async function commit(
  ctx: Context,
  action: string,
  write: (command: Command) => Promise<UserWrite>,
): Promise<UserRecord> {
  const { name: actor } = authorize(ctx, 'operator');
  const at = new Date(ctx.clock.wallMs());
  const { user, events } = await keeping(write({ actor, action, at }));
  ctx.bus.publish('events', events);
  ctx.bus.publish('commit', [{ at }]);
  return user;
}

/** A change that the database did not take is the operator's to mend, and nothing has changed. */
async function keeping<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'UNAVAILABLE',
      {
        en: 'The change could not be kept and nothing has changed; check that the database can be written.',
        zh: '无法保存更改，未做任何修改；请检查数据库是否可写。',
      },
      [],
      { cause: error },
    );
  }
}

/** Only fields whose value is not the stored one; for a new user, those that are given at all. */
function changedFields(ctx: Context, given: UserInput, before: UserRecord | null): UserFields {
  const fields = Object.entries(storedForm(ctx, given, before)).filter(
    ([name, value]) =>
      value !== undefined && !isEqual(value, before?.[name as keyof UserRecord]),
  );
  return Object.fromEntries(fields) as UserFields;
}

/** As the database keeps the fields; undefined is not given. */
function storedForm(ctx: Context, given: UserInput, before: UserRecord | null): UserFields {
  const { persistentKeepalive, allowedIps, presharedKey } = given;
  return {
    nickname: orCleared(given.nickname, ''),
    mail: orCleared(given.mail, ''),
    phone: orCleared(given.phone, ''),
    note: orCleared(given.note, ''),
    interface: given.interface,
    allowedIps: allowedIps == null ? allowedIps : allowedIps.join(','),
    presharedKey:
      presharedKey == null ? presharedKey : sealed(ctx, presharedKey, before?.presharedKey ?? null),
    // WireGuard writes an interval of 0 as off.
    persistentKeepaliveSeconds: persistentKeepalive === 0 ? null : persistentKeepalive,
    enabled: given.enabled,
    bandwidthLimit: orCleared(given.bandwidthLimit, 0),
    dataLimit: orCleared(given.dataLimit, 0),
    expiresAt: given.expiresAt,
    quotaPeriod: orCleared(given.quotaPeriod, 'NONE'),
  };
}

function orCleared<T>(value: T | null | undefined, cleared: T): T | undefined {
  return value === null ? cleared : value;
}

/** The same secret sealed twice makes two texts, so an unchanged one keeps the stored text. */
function sealed(ctx: Context, presharedKey: string, stored: string | null): string {
  const isSame = stored !== null && ctx.secrets.open(stored) === presharedKey;
  return isSame ? stored : ctx.secrets.seal(presharedKey);
}

function isEqual(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

function switchEvents(fields: UserFields, before: UserRecord | null): string[] {
  if (fields.enabled === undefined) return [];
  if (before === null && fields.enabled) return [];
  return [fields.enabled ? 'USER_ENABLED' : 'USER_DISABLED'];
}

/** Where a new user lives: the interface named, else the only one there is, else none yet. */
async function homeOf(ctx: Context, named: string | null): Promise<string | null> {
  if (named !== null) return named;
  const known = await ctx.store.overview.interfaces(ctx.config.interfaces);
  if (known.length < 2) return known[0]?.name ?? null;
  const names = known.map(({ name }) => name).join(', ');
  throw invalidField('interface', {
    en: `must be given, since there are several: ${names}`,
    zh: `必须提供，因为有多个接口：${names}`,
  });
}

/** What acts on WireGuard, and so cannot be promised while the program may not write to it. */
const ENFORCED_FIELDS: ReadonlySet<string> = new Set<keyof UserFields | 'publicKey'>([
  'publicKey',
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

function refuseUnmanaged(ctx: Context, fields: readonly string[]): void {
  if (ctx.config.manage || !fields.some((field) => ENFORCED_FIELDS.has(field))) return;
  throw new AppError('UNAVAILABLE', {
    en: 'This acts on WireGuard, and WGQL_MANAGE=off forbids writing to it; nothing has changed.',
    zh: '此操作会写入 WireGuard，而 WGQL_MANAGE=off 禁止写入；未做任何修改。',
  });
}

function keyIsTaken(holder: UserRecord): AppError {
  return new AppError('CONFLICT', {
    en: `This public key already belongs to the user ${holder.id}${name(holder)}; update that user instead.`,
    zh: `该公钥已属于用户 ${holder.id}${name(holder)}；请改为更新该用户。`,
  });
}

function name({ nickname }: UserRecord): string {
  return nickname === '' ? '' : ` (${nickname})`;
}

function notYet(): AppError {
  const text: Text = {
    en: 'This version cannot take a peer off the interface yet; nothing has changed.',
    zh: '此版本尚不能将对端从接口移除；未做任何修改。',
  };
  return new AppError('UNAVAILABLE', text);
}
