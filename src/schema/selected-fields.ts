import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/** The names of the fields that are selected in a field; also of those that a directive leaves out. */
export function selectedFields({ fieldNodes, fragments }: GraphQLResolveInfo): string[] {
  const namesIn = (set: SelectionSetNode | undefined): string[] =>
    (set?.selections ?? []).flatMap((selection) => {
      if (selection.kind === 'Field') return [selection.name.value];
      if (selection.kind === 'InlineFragment') return namesIn(selection.selectionSet);
      return namesIn(fragments[selection.name.value]?.selectionSet);
    });
  return fieldNodes.flatMap(({ selectionSet }) => namesIn(selectionSet));
}
