import { hasText, t } from '../text/i18n.ts';
import { detailParts } from './detail.ts';

/** What exactly was changed, in words; as it is stored when pointed at. */
export function DetailText({ detail }: { readonly detail: string }) {
  const texts = detailParts(detail).map((part) =>
    part.kind === 'fields' ? part.fields.map(fieldName).join(', ') : valueText(part),
  );
  if (texts.length === 0) return null;
  return (
    <span className="muted small" title={detail}>
      {texts.join(' · ')}
    </span>
  );
}

const fieldName = (name: string): string => textOr(`audit.field.${name}`, name);

function valueText({ name, value }: { readonly name: string; readonly value: string }): string {
  if (name === 'reason') return textOr(`reason.${value}`, value);
  if (name === 'role') return textOr(`role.${value.toUpperCase()}`, value);
  const id = `audit.detail.${name}`;
  return hasText(id) ? t(id, { value }) : `${name}: ${value}`;
}

const textOr = (id: string, otherwise: string): string => (hasText(id) ? t(id) : otherwise);
