import { tagsOf } from '../domain/tags.ts';
import type { MessageUser } from '../domain/webhook/message.ts';
import type { EventFilter } from '../store/event.ts';
import { fold } from '../store/lists/fold.ts';
import type { WebhookRecord } from '../store/webhook/records.ts';

export interface WantedUser extends MessageUser {
  /** As they are stored. */
  readonly tags: string;
}

type Wants = Pick<WebhookRecord, 'types' | 'userIds' | 'tags'>;

/** What the log can leave out. Tags are not in the log. */
export function filterOf({ types, userIds, tags }: Wants): EventFilter {
  return {
    ...(types !== null && { types }),
    ...(userIds.length > 0 && tags.length === 0 && { userIds }),
  };
}

/** Whether a webhook that wants this type of event wants it of this user, who is null if there is none. */
export function isWanted(
  { userIds, tags }: Wants,
  userId: number | null,
  user: WantedUser | null,
): boolean {
  if (userIds.length === 0 && tags.length === 0) return true;
  if (userId !== null && userIds.includes(userId)) return true;
  if (user === null || tags.length === 0) return false;
  const wanted = new Set(tags.map(fold));
  return tagsOf(user.tags).some((tag) => wanted.has(fold(tag)));
}
