import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';

type Operation = Pick<ExecutionArgs, 'document' | 'operationName'>;

/** The field that a valid operation subscribes to; null if it is no subscription. */
export function subscriptionField({ document, operationName }: Operation): FieldNode | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return null;
  // A subscription has one field at its root.
  return firstField(document, operation.selectionSet, () => true);
}

/** The field with this name among the selections of a field, also in fragments; null if it is not selected. */
export function selectedField(
  document: DocumentNode,
  { selectionSet }: FieldNode,
  name: string,
): FieldNode | null {
  return firstField(document, selectionSet, (field) => field.name.value === name);
}

/** A valid document has no circle of fragments. */
function firstField(
  document: DocumentNode,
  set: SelectionSetNode | undefined,
  isWanted: (field: FieldNode) => boolean,
): FieldNode | null {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      if (isWanted(selection)) return selection;
      continue;
    }
    const within =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragmentOf(document, selection.name.value);
    const found = firstField(document, within, isWanted);
    if (found !== null) return found;
  }
  return null;
}

function fragmentOf({ definitions }: DocumentNode, name: string): SelectionSetNode | undefined {
  for (const one of definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name) return one.selectionSet;
  }
  return undefined;
}
