import type { IncomingMessage } from 'node:http';
import type { DocumentNode, ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../../domain/errors.ts';
import type { Context } from '../../../resolvers/context.ts';
import { trackReads } from '../../../resolvers/tracked-reads.ts';
import { isQuery } from './use-turns.ts';

/** What Yoga writes instead of the JSON of a result. */
type WithText = ExecutionResult & { readonly stringify?: () => string };

interface Kept {
  readonly revision: number;
  readonly text: string;
}

/** Texts of all kept answers together. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_ANSWERS = 1_000;

/** The text stands for it. */
const NO_DATA = {};

/**
 * Answers a query over HTTP again without executing it, as long as no user has changed. Only answers that depend
 * on nothing but the users and the reader's role are kept, and only without errors. Access is checked before. With
 * the role `self`, readers see different users, and must not notice when others change: nothing is kept for them.
 */
export function useKeptAnswers(users: { readonly revision: number }): Plugin<object, Context> {
  const answers = new LRUCache<string, Kept>({
    max: MAX_ANSWERS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ text }, key) => text.length + key.length,
  });
  const documents = new WeakMap<DocumentNode, number>();
  let lastDocument = 0;

  const keyOf = ({ document, operationName, variableValues }: ExecutionArgs, role: string) => {
    const known = documents.get(document) ?? ++lastDocument;
    documents.set(document, known);
    return JSON.stringify([known, operationName, role, variableValues]);
  };

  const execute = async (
    args: ExecutionArgs,
    key: string,
    run: (args: ExecutionArgs) => unknown,
  ): Promise<WithText> => {
    const { revision } = users;
    const { context: contextValue, areOfUsers } = trackReads(args.contextValue as Context);
    const result = (await run({ ...args, contextValue })) as ExecutionResult;
    const isSure = result.errors === undefined && areOfUsers() && users.revision === revision;
    if (!isSure) return result;
    const text = JSON.stringify(result);
    answers.set(key, { revision, text });
    return { ...result, stringify: () => text };
  };

  return {
    onExecute: ({ args, executeFn, setExecuteFn, setResultAndStopExecution }) => {
      const { req: request, principal } = args.contextValue as unknown as Context & {
        readonly req?: IncomingMessage;
      };
      const isOverHttp = request !== undefined;
      const given = args as ExecutionArgs;
      if (!isOverHttp || principal instanceof AppError || !isQuery(given)) return;
      if (principal.role === 'self') return;
      const key = keyOf(given, principal.role);
      const kept = answers.get(key);
      if (kept?.revision === users.revision) {
        const again: WithText = { data: NO_DATA, stringify: () => kept.text };
        setResultAndStopExecution(again);
        return;
      }
      setExecuteFn((later: ExecutionArgs) => execute(later, key, executeFn));
    },
  };
}
