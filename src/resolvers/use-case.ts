import type { z } from 'zod';
import type { FieldError } from '../errors.ts';
import { authorize } from './authorize.ts';
import type { Context, Role } from './context.ts';
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
