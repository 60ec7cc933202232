/** One part of the detail of an entry of the audit log. */
export type DetailPart =
  | { readonly kind: 'fields'; readonly fields: readonly string[] }
  | { readonly kind: 'value'; readonly name: string; readonly value: string };

/** What the program keeps for itself and changes along with fields that people know. */
const INTERNAL: ReadonlySet<string> = new Set([
  ...['configPending', 'cutReason', 'kickRequested', 'missing', 'offsetRx', 'offsetTx'],
  ...['presharedKeyKnown', 'quotaMarkAt', 'quotaMarkRx', 'quotaMarkTx', 'registeredAt'],
  'requestedBy',
]);

/** The parts of the JSON in the field `detail`; none if it has no parts. */
export function detailParts(detail: string): readonly DetailPart[] {
  return Object.entries(parse(detail)).flatMap(([name, value]): DetailPart[] => {
    if (value === null) return [];
    if (name === 'fields' && Array.isArray(value)) {
      const fields = value.filter((field) => !INTERNAL.has(field));
      return fields.length > 0 ? [{ kind: 'fields', fields }] : [];
    }
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [{ kind: 'value', name, value: text }];
  });
}

function parse(detail: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(detail);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
