import type { Context } from '../../resolvers/context.ts';
import type { CurrentUser } from '../../resolvers/records.ts';
import { type Sight, sightOf } from '../../resolvers/redaction.ts';
import { totalOf } from '../../resolvers/user/queries.ts';
import type { BytesAs } from '../contract/parameters.ts';
import { bytesToJson, type Json, type JsonObject, toJson } from '../json.ts';
import type { presentManagedUser, presentUser } from '../present.ts';

/** Users written between two turns of the event loop: a few milliseconds of work. */
const USERS_A_SLICE = 2_000;

/** The text of a user before and after its totals, which are all that changes while bytes flow. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

/**
 * Writes lists of users as JSON. What was written for a user is kept until that user changes, once for readers
 * who see the same fields.
 */
export function usersWriter(
  presentOne: typeof presentUser | typeof presentManagedUser,
): (ctx: Context, users: readonly CurrentUser[], bytes: BytesAs) => Promise<string> {
  const keep = () => ({
    frames: new WeakMap<object, Frame>(),
    texts: {
      number: new WeakMap<CurrentUser, string>(),
      string: new WeakMap<CurrentUser, string>(),
    },
  });
  const kept: Readonly<Record<Sight, ReturnType<typeof keep>>> = {
    all: keep(),
    own: keep(),
    none: keep(),
  };

  const textOf = (ctx: Context, current: CurrentUser, bytes: BytesAs): string => {
    const { frames, texts } = kept[sightOf(ctx)];
    const known = texts[bytes].get(current);
    if (known !== undefined) return known;
    const { user, lastLoginAt, steady } = current;
    const frame = frames.get(steady) ?? frameOf(presentOne(ctx, user, lastLoginAt));
    frames.set(steady, frame);
    const total = totalOf(user);
    const rx = bytesToJson(total.rx, bytes);
    const tx = bytesToJson(total.tx, bytes);
    const text = `${frame.before}"total_rx":${rx},"total_tx":${tx}${frame.after}`;
    texts[bytes].set(current, text);
    return text;
  };

  return async (ctx, users, bytes) => {
    const parts: string[] = [];
    for (const current of users) {
      parts.push(textOf(ctx, current, bytes));
      if (parts.length % USERS_A_SLICE === 0) await ctx.turn();
    }
    return `[${parts.join()}]`;
  };
}

/** Both totals of a user are beside each other in every list. */
function frameOf(user: JsonObject): Frame {
  const members = Object.entries(user);
  const totals = members.findIndex(([key]) => key === 'total_rx');
  const text = (some: readonly [string, Json][]) =>
    some.map(([key, value]) => `${JSON.stringify(key)}:${toJson(value)}`);
  return {
    before: `{${text(members.slice(0, totals))
      .map((member) => `${member},`)
      .join('')}`,
    after: `${text(members.slice(totals + 2))
      .map((member) => `,${member}`)
      .join('')}}`,
  };
}
