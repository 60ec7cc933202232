import {
  type ExecutionArgs,
  getOperationAST,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The field that a valid operation subscribes to; null if it is no subscription. */
export function subscriptionField(
  args: Pick<ExecutionArgs, 'document' | 'operationName'>,
): string | null {
  const operation = getOperationAST(args.document, args.operationName);
  if (operation?.operation !== 'subscription') return null;
  const selections = (set: SelectionSetNode | undefined) => set?.selections ?? [];
  const fragment = (name: string) =>
    args.document.definitions.find(
      (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name,
    );
  // A valid document has no circle of fragments, and a subscription has one field at its root.
  let [selected]: readonly SelectionNode[] = selections(operation.selectionSet);
  while (selected !== undefined && selected.kind !== Kind.FIELD) {
    const holder =
      selected.kind === Kind.INLINE_FRAGMENT ? selected : fragment(selected.name.value);
    [selected] = selections(
      holder !== undefined && 'selectionSet' in holder ? holder.selectionSet : undefined,
    );
  }
  return selected?.name.value ?? null;
}
