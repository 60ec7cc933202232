import type { z } from 'zod';
import { authorize } from './authorize.ts';
import type { Context, Role } from './context.ts';
import { parseInput } from './input.ts';

/** A use case: who may do it is checked first, then what is asked for, then it runs. */
export type UseCase<Input, Output> = ((ctx: Context, input: Input) => Promise<Output>) & {
  readonly role: Role;
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
  return Object.assign(checked, { role });
}

/** A live use case: the same checks before the first value. */
export function liveCase<S extends z.ZodType, Output>(
  role: Role,
  schema: S,
  run: (ctx: Context, input: z.output<S>) => AsyncGenerator<Output, void, void>,
): ((ctx: Context, input: z.input<S>) => AsyncGenerator<Output, void, void>) & {
  readonly role: Role;
} {
  async function* checked(ctx: Context, input: z.input<S>): AsyncGenerator<Output, void, void> {
    authorize(ctx, role);
    yield* run(ctx, parseInput(schema, input));
  }
  return Object.assign(checked, { role });
}
