import { problemOf } from '../ui/states.tsx';
import type { Named, Outcome } from './use-actions.ts';

/** Does something with one user after the other, because the API takes only one at once. */
export async function eachUser<User extends Named>(
  users: readonly User[],
  work: (user: User) => Promise<unknown>,
  /** Called before each; false ends it. */
  goesOn: (done: number) => boolean = () => true,
): Promise<Outcome<User>> {
  const changed: User[] = [];
  const failed: { user: User; reason: string }[] = [];
  for (const user of users) {
    if (!goesOn(changed.length + failed.length)) break;
    try {
      await work(user);
      changed.push(user);
    } catch (error) {
      failed.push({ user, reason: problemOf(error) });
    }
  }
  return { changed, failed };
}
