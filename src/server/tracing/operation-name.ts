import {
  type ExecutionArgs,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** Few clients ask for more; with all of them, there would be too many names. */
const MAX_FIELDS = 4;

type Args = Pick<ExecutionArgs, 'document' | 'operationName'>;

/**
 * The name of the span of an operation: its kind and the fields at its root, in alphabetical order. Nothing in it is
 * chosen by the client, as aliases and names of operations are.
 */
export function operationSpanName(args: Args): string {
  const operation = getOperationAST(args.document, args.operationName);
  if (operation == null) return 'graphql';
  const fields = [...rootFields(args, operation.selectionSet)].sort();
  const shown = fields.slice(0, MAX_FIELDS).join(' ');
  return `graphql ${operation.operation} ${shown}${fields.length > MAX_FIELDS ? ' …' : ''}`;
}

function rootFields({ document }: Args, root: SelectionSetNode): Set<string> {
  const fields = new Set<string>();
  const fragments = new Set<string>();
  const collect = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) fields.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!fragments.has(selection.name.value)) {
        fragments.add(selection.name.value);
        collect(fragmentOf(document, selection.name.value)?.selectionSet);
      }
    }
  };
  collect(root);
  return fields;
}

function fragmentOf(
  { definitions }: Args['document'],
  name: string,
): FragmentDefinitionNode | undefined {
  return definitions.find(
    (one): one is FragmentDefinitionNode =>
      one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name,
  );
}
