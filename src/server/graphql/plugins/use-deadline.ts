import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { withTimeout } from '../../../async/deadline.ts';
import { AppError } from '../../../domain/errors.ts';

/** Aborts an operation that takes too long before its next field. Subscriptions have no time limit. */
export function useDeadline(withinMs: number): Plugin {
  return {
    onExecute: ({ executeFn, setExecuteFn }) => {
      setExecuteFn(async (args: ExecutionArgs): Promise<ExecutionResult> => {
        const ending = new AbortController();
        // Yoga's executor checks the signal between fields.
        const stoppable = { ...args, signal: ending.signal };
        try {
          return await withTimeout(Promise.resolve(executeFn(stoppable)), withinMs);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          ending.abort(error);
          return { errors: [new GraphQLError(error.message, { originalError: error })] };
        }
      });
    },
  };
}
