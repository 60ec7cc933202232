import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../../resolvers/context.ts';
import { type Turns, whileConnected } from '../../turns.ts';

/**
 * Runs queries over HTTP when it is the client's turn; WebSocket queries are queued by the WebSocket code.
 */
export function useTurns(turns: Turns): Plugin<object, Context> {
  return {
    onExecute: ({ args, executeFn, setExecuteFn }) => {
      const { req: request, principal } = args.contextValue as unknown as Context & {
        readonly req?: IncomingMessage;
      };
      if (request === undefined || !isQuery(args as ExecutionArgs)) return;
      const client = turns.clientBehind(request, principal);
      setExecuteFn((given: ExecutionArgs) =>
        turns.answer(
          client,
          whileConnected(request, async () => executeFn(given)),
        ),
      );
    },
  };
}

export function isQuery({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === 'query';
}
