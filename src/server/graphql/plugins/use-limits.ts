import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  parse,
  type ValidationContext,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AppError, type Text } from '../../../domain/errors.ts';
import type { Context } from '../../../resolvers/context.ts';
import { DOCUMENT_LIMITS as LIMITS } from '../../limits.ts';
import type { MapResult } from './use-client-errors.ts';

/** Rejects operations that exceed the limits before they run, over any transport. */
export function useLimits(mapResult: MapResult): Plugin<object, Context> {
  const refuseCostly = ({
    args,
    setResultAndStopExecution: stopWith,
  }: {
    readonly args: unknown;
    setResultAndStopExecution(result: ExecutionResult): void;
  }) => {
    const errors = costProblems(args as ExecutionArgs);
    if (errors.length === 0) return;
    stopWith(mapResult({ errors }, (args as ExecutionArgs).contextValue as Context));
  };
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((source, options) => parse(source, { ...options, maxTokens: LIMITS.tokens })),
    onValidate: ({ addValidationRule }) => {
      addValidationRule(limitAliases);
      addValidationRule(limitDirectives);
    },
    onExecute: refuseCostly,
    onSubscribe: refuseCostly,
  };
}

const reportTo = (what: Text) => ({
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null) => context?.reportError(tooMuch(what))],
});

const limitAliases = maxAliasesRule({
  n: LIMITS.aliases,
  ...reportTo({ en: `${LIMITS.aliases} aliases`, zh: `${LIMITS.aliases} 个别名` }),
});

const limitDirectives = maxDirectivesRule({
  n: LIMITS.directives,
  ...reportTo({ en: `${LIMITS.directives} directives`, zh: `${LIMITS.directives} 个指令` }),
});

/**
 * Not a validation rule: validation results are cached by document, but the cost depends on the variables.
 */
function costProblems(args: ExecutionArgs): readonly GraphQLError[] {
  const rule = createComplexityRule({
    context: args.contextValue as Context,
    variableValues: args.variableValues ?? {},
    operationName: args.operationName ?? null,
    validate: ({ depth, breadth, complexity }, report) => {
      if (depth > LIMITS.depth) {
        report(tooMuch({ en: `${LIMITS.depth} levels of fields`, zh: `${LIMITS.depth} 层字段` }));
      } else if (breadth > LIMITS.fields) {
        report(tooMuch({ en: `${LIMITS.fields} fields`, zh: `${LIMITS.fields} 个字段` }));
      } else if (complexity > LIMITS.cost) report(tooCostly(complexity));
    },
  });
  return validate(args.schema, args.document, [rule]);
}

function tooMuch({ en, zh }: Text): GraphQLError {
  return refusal({
    en: `The document has more than ${en}; request less at a time.`,
    zh: `文档超过 ${zh}；请减少单次请求的内容。`,
  });
}

function tooCostly(cost: number): GraphQLError {
  return refusal({
    en: `The operation could return ${cost} values, but at most ${LIMITS.cost} are allowed; request shorter pages or fewer fields.`,
    zh: `该操作可能返回 ${cost} 个值，但最多允许 ${LIMITS.cost} 个；请减小分页长度或减少字段。`,
  });
}

function refusal(text: Text): GraphQLError {
  const originalError = new AppError('INVALID_ARGUMENT', text);
  return new GraphQLError(text.en, { originalError });
}
