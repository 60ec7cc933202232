import type { z } from 'zod';
import type { Role } from '../access/principal.ts';
import { accessEnded } from '../access/refusals.ts';
import { leavable } from '../async/iterator.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Subscription } from '../live/bus.ts';
import type { Topics } from '../live/topics.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { parseInput, problemsOf } from './input.ts';

/** A use case: checks the role first, then validates the input, then runs. */
export type UseCase<Input, Output> = ((ctx: Context, input: Input) => Promise<Output>) & {
  readonly role: Role;
  /** Returns every invalid field of an input, for an API that adds problems it found itself. */
  problems(input: unknown): FieldError[];
};

/** Creates a use case from its name, its role and the schema of its input. */
export function useCase<S extends z.ZodType, Output>(
  name: string,
  role: Role,
  schema: S,
  run: (ctx: Context, input: z.output<S>) => Promise<Output>,
): UseCase<z.input<S>, Output> {
  const checked = async (ctx: Context, input: z.input<S>) => {
    authorize(ctx, role);
    return run(ctx, parseInput(schema, input));
  };
  const spanName = `use case ${name}`;
  const traced = (ctx: Context, input: z.input<S>) =>
    ctx.tracer === null
      ? checked(ctx, input)
      : ctx.tracer.step(spanName, () => checked(ctx, input));
  return Object.assign(traced, { role, problems: (input: unknown) => problemsOf(schema, input) });
}

/** A stream that ends immediately when its reader leaves, even while it waits for the next value. */
export type Live<Output> = AsyncIterableIterator<Output, void, void>;

/**
 * Creates a live use case: it makes the same checks before the first value, and ends the stream with
 * `UNAUTHENTICATED` when the reader's access ends. `run` receives the subscription to the bus, which
 * is registered before `run` reads anything and closed when the reader leaves.
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
        if (ended.aborted) throw accessEnded();
      } finally {
        subscription.close();
      }
    }
    return leavable(values(), subscription.close);
  };
  return Object.assign(checked, { role });
}
