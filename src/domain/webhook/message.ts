import type { EventType } from '../event-type.ts';
import type { LoggedEvent } from '../logged-event.ts';
import { MESSAGE_TYPES, TEST_TYPE } from './types.ts';

/** What a message says of a user. */
export interface MessageUser {
  readonly id: number;
  readonly publicKey: string;
  readonly nickname: string;
}

/** The standard message. Ids are text, as in the APIs. */
export interface Message {
  readonly type: string;
  /** When the event happened, in ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly id: string | null;
    readonly interface: string | null;
    readonly endpoint: string | null;
    readonly reason: string | null;
    readonly actor: string | null;
    readonly sessionId: string | null;
    /** null for events of an interface. Of a deleted user, only the id is known. */
    readonly user: {
      readonly id: string;
      readonly publicKey: string | null;
      readonly nickname: string | null;
    } | null;
  };
}

/** Every message has less. */
export const MAX_MESSAGE_BYTES = 20_000;

/** The reason of a failed limit is a sentence that may be long. */
export const MAX_REASON_LENGTH = 1_000;

/** `user` is the user of the event, or null if there is none or it was deleted. */
export function messageOf(event: LoggedEvent, user: MessageUser | null): Message {
  const { userId, sessionId } = event;
  return {
    type: MESSAGE_TYPES[event.type as EventType],
    timestamp: event.at.toISOString(),
    data: {
      id: String(event.id),
      interface: event.interface,
      endpoint: event.endpoint,
      reason: event.reason?.slice(0, MAX_REASON_LENGTH) ?? null,
      actor: event.actor,
      sessionId: sessionId === null ? null : String(sessionId),
      user:
        userId === null
          ? null
          : {
              id: String(userId),
              publicKey: user?.publicKey ?? null,
              nickname: user?.nickname ?? null,
            },
    },
  };
}

/** A message about no event. */
export function testMessage(now: Date): Message {
  const nothing = { id: null, interface: null, endpoint: null, reason: null, actor: null };
  return {
    type: TEST_TYPE,
    timestamp: now.toISOString(),
    data: { ...nothing, sessionId: null, user: null },
  };
}
