import { onlyNamesDocument } from '../graphql/documents/documents.ts';

/**
 * Gives every operation of a WebSocket a unique internal id: `7:a` for the client's `a`. A client may reuse
 * an id as soon as it has completed the operation, while the server is still ending it; with equal ids,
 * graphql-ws would confuse the two.
 */
export interface OperationIds {
  /** Converts a message of the client for graphql-ws. */
  inbound(text: string): string;
  /** Converts a message of graphql-ws for the client. */
  outbound(text: string): string;
}

export function operationIds(): OperationIds {
  const internalIds = new Map<string, string>();
  let count = 0;
  const internalIdOf = (id: string, type: unknown): string | undefined => {
    const known = internalIds.get(id);
    if (type === 'complete') internalIds.delete(id);
    if (type !== 'subscribe' || known !== undefined) return known;
    const given = `${++count}:${id}`;
    internalIds.set(id, given);
    return given;
  };
  return {
    inbound: (text) => {
      const message = parsed(text);
      if (typeof message?.id !== 'string' || message.id === '') return text;
      const id = internalIdOf(message.id, message.type);
      return id === undefined ? text : JSON.stringify({ ...withQuery(message), id });
    },
    outbound: (text) => {
      const [head, quoted, type] = HEAD.exec(text) ?? [];
      if (head === undefined || quoted === undefined) return text;
      const internalId: string = JSON.parse(quoted);
      const id = clientId(internalId);
      const isOver = type === 'complete' || type === 'error';
      if (isOver && internalIds.get(id) === internalId) internalIds.delete(id);
      return `{"id":${JSON.stringify(id)},"type":"${type}"${text.slice(head.length)}`;
    },
  };
}

/** Adds an empty query if there is only the name of a document, because graphql-ws would close the WebSocket. */
function withQuery(message: Record<string, unknown>): Record<string, unknown> {
  const { type, payload } = message;
  if (type !== 'subscribe' || !onlyNamesDocument(payload)) return message;
  return { ...message, payload: { ...(payload as object), query: '' } };
}

/** The start of a graphql-ws message: the id, then the type. */
const HEAD = /^\{"id":("(?:[^"\\]|\\.)*"),"type":"(\w+)"/;

/** Converts an internal id to the client's id. */
export function clientId(internalId: string): string {
  return internalId.replace(/^\d+:/, '');
}

/** Returns null if the text is not a message; graphql-ws then closes the WebSocket. */
function parsed(text: string): Record<string, unknown> | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' ? (message as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
