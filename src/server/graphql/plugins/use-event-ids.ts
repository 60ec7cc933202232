import type { ExecutionArgs, FieldNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../../resolvers/context.ts';
import { selectedField, subscriptionField } from '../../live/subscription-field.ts';

/** Reads the id of the event from a result; null if it has none. */
type EventIdOf = (data: unknown) => string | null;

/**
 * Gives each message of an event stream with an event of the log the id of that event, which browsers send back as
 * `Last-Event-ID` when they connect again. Only if the document selects the id.
 */
export function useEventIds(): Plugin<object, Context> {
  return {
    onSubscribe: ({ args }) => {
      const { request } = args.contextValue as { readonly request?: Request };
      if (request === undefined || !isForEventStream(request)) return;
      const eventIdOf = eventIdIn(args as ExecutionArgs);
      if (eventIdOf === null) return;
      return {
        onSubscribeResult: () => ({
          onNext: ({ result, setResult }) => {
            if (!('data' in result)) return;
            const id = eventIdOf(result.data);
            if (id === null) return;
            const { stringify = JSON.stringify } = result as { stringify?: typeof JSON.stringify };
            // Yoga writes the text after `data: `, and the order of the fields of a message has no meaning.
            const withId = (value: unknown) => `${stringify(value)}\nid: ${id}`;
            setResult({ ...result, stringify: withId } as typeof result);
          },
        }),
      };
    },
  };
}

function isForEventStream(request: Request): boolean {
  const accepted = request.headers.get('accept') ?? '';
  return accepted.includes('text/event-stream') && !accepted.includes('multipart/');
}

/** null: the document subscribes to something else, or does not select the id. */
function eventIdIn(args: ExecutionArgs): EventIdOf | null {
  const field = subscriptionField(args);
  if (field?.name.value !== 'events') return null;
  const id = selectedField(args.document, field, 'id');
  if (id === null) return null;
  const [event, name] = [nameOf(field), nameOf(id)];
  return (data) => {
    const found = (data as Record<string, Record<string, unknown>> | null | undefined)?.[event];
    return typeof found?.[name] === 'string' ? (found[name] as string) : null;
  };
}

function nameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
