import * as z from 'zod';
import { tagsOf } from '../../domain/tags.ts';
import { fold } from '../../store/lists/fold.ts';
import { readFrom } from '../../store/lists/page.ts';
import type { UserRecord } from '../../store/records.ts';
import type { Context } from '../context.ts';
import { cursorAt, positions } from '../pages/cursor.ts';
import { type Connection, pageInput, pageOf } from '../pages/page.ts';
import { useCase } from '../use-case.ts';
import { filterInput, storeFilter } from './queries.ts';

/** The users with the same owner or the same tag. */
export interface UserGroup {
  readonly name: string;
  readonly users: readonly UserRecord[];
}

/** A name, and what users of one group have in common. */
interface Label {
  readonly key: string;
  readonly name: string;
}

const listInput = z.object({ ...pageInput, filter: filterInput });

/** Returns a page of the owners with their users, by name. Users without owner are in no group. */
export const owners = useCase('owners', 'operator', listInput, (ctx, given) =>
  groups(ctx, 'OWNER', given, ({ owner }) => (owner === null ? [] : [{ key: owner, name: owner }])),
);

/** Returns a page of the tags with their users, by name. A user is in the group of each of its tags. */
export const tags = useCase('tags', 'operator', listInput, (ctx, given) => {
  // Many users have the same tags.
  const known = new Map<string, readonly Label[]>();
  return groups(ctx, 'TAG', given, ({ tags: stored }) => {
    const labels =
      known.get(stored) ?? tagsOf(stored).map((tag) => ({ key: fold(tag), name: tag }));
    known.set(stored, labels);
    return labels;
  });
});

async function groups(
  ctx: Context,
  order: string,
  { filter, ...page }: z.output<typeof listInput>,
  labelsOf: (user: UserRecord) => readonly Label[],
): Promise<Connection<UserGroup>> {
  const { after, before } = await positions(page, order, async () => null);
  const { users } = await ctx.store.users.some(storeFilter(ctx, filter), null);
  const all = grouped(
    users.map(({ user }) => user),
    labelsOf,
  );
  return pageOf(
    {
      read: async (reading) =>
        readFrom(all, reading, ({ name }, place) => (name < place ? -1 : name > place ? 1 : 0)),
      placeOf: ({ name }) => name,
      cursorOf: ({ name }) => cursorAt(order, { value: name, id: 0 }),
      count: async () => all.length,
    },
    { ...page, after: after && String(after.value), before: before && String(before.value) },
  );
}

/** In the order of their names. A name is spelled as in the first of its users. */
function grouped(
  users: readonly UserRecord[],
  labelsOf: (user: UserRecord) => readonly Label[],
): UserGroup[] {
  const found = new Map<string, { name: string; users: UserRecord[] }>();
  for (const user of users) {
    for (const { key, name } of labelsOf(user)) {
      const group = found.get(key);
      if (group === undefined) found.set(key, { name, users: [user] });
      else group.users.push(user);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
