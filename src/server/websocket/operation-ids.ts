import { isPersistedQuery } from '../graphql/persisted-queries.ts';

/**
 * Gives every operation of a socket an id of its own inside: `7:a` for the client's `a`. A client may
 * use an id again as soon as it has completed it, while here the first operation is still ending; with
 * the same id graphql-ws would take the one for the other.
 */
export interface OperationIds {
  /** A message of the client, as graphql-ws is to read it. */
  inbound(text: string): string;
  /** A message of graphql-ws, as the client is to read it. */
  outbound(text: string): string;
}

export function operationIds(): OperationIds {
  const inside = new Map<string, string>();
  let count = 0;
  const insideIdOf = (id: string, type: unknown): string | undefined => {
    const known = inside.get(id);
    if (type === 'complete') inside.delete(id);
    if (type !== 'subscribe' || known !== undefined) return known;
    const given = `${++count}:${id}`;
    inside.set(id, given);
    return given;
  };
  return {
    inbound: (text) => {
      const message = parsed(text);
      if (typeof message?.id !== 'string' || message.id === '') return text;
      const id = insideIdOf(message.id, message.type);
      return id === undefined ? text : JSON.stringify({ ...withText(message), id });
    },
    outbound: (text) => {
      const [head, quoted, type] = HEAD.exec(text) ?? [];
      if (head === undefined || quoted === undefined) return text;
      const insideId: string = JSON.parse(quoted);
      const id = clientId(insideId);
      const isOver = type === 'complete' || type === 'error';
      if (isOver && inside.get(id) === insideId) inside.delete(id);
      return `{"id":${JSON.stringify(id)},"type":"${type}"${text.slice(head.length)}`;
    },
  };
}

/** graphql-ws closes the socket of a client that sends no text. */
function withText(message: Record<string, unknown>): Record<string, unknown> {
  const { type, payload } = message;
  if (type !== 'subscribe' || !isPersistedQuery(payload)) return message;
  return { ...message, payload: { ...(payload as object), query: '' } };
}

/** graphql-ws writes the id first, and then what kind of message it is. */
const HEAD = /^\{"id":("(?:[^"\\]|\\.)*"),"type":"(\w+)"/;

/** The client's own id. */
export function clientId(insideId: string): string {
  return insideId.replace(/^\d+:/, '');
}

/** null for what is no message; graphql-ws closes the socket at it. */
function parsed(text: string): Record<string, unknown> | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' ? (message as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
