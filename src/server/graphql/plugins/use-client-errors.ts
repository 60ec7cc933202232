import type { ExecutionResult } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import { AppError, isOfServer } from '../../../domain/errors.ts';
import type { Context } from '../../../resolvers/context.ts';
import { isInternal, toClientError } from '../../../schema/errors.ts';
import type { ServerContext } from '../context.ts';

/** Converts the errors of a result to client errors. */
export type MapResult = (result: ExecutionResult, context: Context) => ExecutionResult;

export function resultMapper(onInternalError: (error: unknown) => void): MapResult {
  return (result, { language }) => ({
    ...result,
    ...(result.errors && {
      errors: result.errors.map((error) => {
        const original = error.originalError ?? error;
        const isKnownFailure = original instanceof AppError && isOfServer(original);
        if (isInternal(error) || isKnownFailure) onInternalError(original);
        return toClientError(error, language);
      }),
    }),
  });
}

/** Converts the errors of operations to client errors in the client's language. */
export function useClientErrors(mapResult: MapResult): Plugin<object, Context> {
  const onDone = (payload: Parameters<typeof handleStreamOrSingleExecutionResult>[0]) =>
    handleStreamOrSingleExecutionResult(payload, ({ result, args, setResult }) => {
      setResult(mapResult(result, args.contextValue as Context));
    });
  return {
    onExecute: () => ({ onExecuteDone: (payload) => onDone(payload as never) }),
    // Errors before execution carry Yoga's own codes, so they are converted here.
    onResultProcess: ({ result, setResult, serverContext }) => {
      if (!('errors' in result) || result.errors === undefined) return;
      const { language = 'en' } = (serverContext as ServerContext).context ?? {};
      setResult({
        ...result,
        errors: result.errors.map((error) => toClientError(error, language)),
      });
    },
    onSubscribe: () => ({ onSubscribeResult: (payload) => onDone(payload as never) }),
  };
}

/** Converts errors outside of operations, where the client's language is unknown. */
export function maskError(error: unknown): Error {
  return toClientError(error, 'en');
}
