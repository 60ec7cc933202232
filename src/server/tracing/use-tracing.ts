import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { toClientError } from '../../schema/errors.ts';
import type { Tracer } from '../../tracing/tracer.ts';
import { operationSpanName } from './operation-name.ts';

/**
 * Names the span of a request by its operation, and notes the code of its first error. The span of a subscription ends
 * when it has begun, because it may go on for days.
 */
export function useTracing(tracer: Tracer): Plugin {
  return {
    onExecute: ({ args }) => {
      const span = tracer.active();
      span?.rename(operationSpanName(args as ExecutionArgs));
      return {
        onExecuteDone: ({ result }) => {
          const [error] = (result as ExecutionResult).errors ?? [];
          if (error !== undefined) span?.fail(String(toClientError(error, 'en').extensions.code));
        },
      };
    },
    onSubscribe: ({ args }) => {
      const span = tracer.active();
      span?.rename(operationSpanName(args as ExecutionArgs));
      return { onSubscribeResult: () => span?.end() };
    },
  };
}
