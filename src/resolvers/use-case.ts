import type { z } from 'zod';
import type { Role } from '../access/principal.ts';
import { rightEnded } from '../access/refusals.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Subscription } from '../live/bus.ts';
import type { Topics } from '../live/topics.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { parseInput, problemsOf } from './input.ts';

/** A use case: who may do it is checked first, then what is asked for, then it runs. */
export type UseCase<Input, Output> = ((ctx: Context, input: Input) => Promise<Output>) & {
  readonly role: Role;
  /** Every bad field of an input, for a door that has found some of its own. */
  problems(input: unknown): FieldError[];
};

/** A use case with its role and the schema of its argument. */
export function useCase<S extends z.ZodType, Output>(
  role: Role,
  schema: S,
  run: (ctx: Context, input: z.output<S>) => Promise<Output>,
): UseCase<z.input<S>, Output> {
  const checked = async (ctx: Context, input: z.input<S>) => {
    authorize(ctx, role);
    return run(ctx, parseInput(schema, input));
  };
  return Object.assign(checked, { role, problems: (input: unknown) => problemsOf(schema, input) });
}

/** A stream that ends at once when its reader leaves, also while it waits for the next value. */
export type Live<Output> = AsyncIterableIterator<Output, void, void>;

/**
 * A live use case: the same checks before the first value, and the end of the stream with
 * `UNAUTHENTICATED` when the reader's right ends. `run` is given the bus's subscription, which is
 * registered before `run` reads anything and closed when the reader leaves.
 */
export function liveCase<S extends z.ZodType, K extends keyof Topics, Output>(
  role: Role,
  schema: S,
  topic: K,
  run: (
    ctx: Context,
    input: z.output<S>,
    subscription: Subscription<Topics[K]>,
  ) => AsyncGenerator<Output, void, void>,
): ((ctx: Context, input: z.input<S>) => Live<Output>) & { readonly role: Role } {
  const checked = (ctx: Context, input: z.input<S>): Live<Output> => {
    const subscription = ctx.bus.subscribe(topic);
    async function* values(): AsyncGenerator<Output, void, void> {
      try {
        const { ended } = authorize(ctx, role);
        ended.addEventListener('abort', subscription.close, { signal: subscription.ended });
        for await (const value of run(ctx, parseInput(schema, input), subscription)) {
          if (ended.aborted) break;
          yield value;
        }
        if (ended.aborted) throw rightEnded();
      } finally {
        subscription.close();
      }
    }
    const generator = values();
    return {
      next: () => generator.next(),
      return: () => {
        // A generator that waits ends only when what it waits for comes, so that is ended first.
        subscription.close();
        return generator.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
  return Object.assign(checked, { role });
}
