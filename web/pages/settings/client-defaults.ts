import type {
  InterfaceDetailsFragment,
  UpdateInterfaceInput,
} from '../../api/generated/pages/graphql.ts';
import { wordsOf } from '../../ui/words.ts';

type Defaults = InterfaceDetailsFragment['clientDefaults'];

export const DEFAULT_FIELDS = ['endpoint', 'dns', 'allowedIps', 'mtu', 'keepalive'] as const;
export type DefaultField = (typeof DEFAULT_FIELDS)[number];

/** The defaults as texts, as they are being edited. */
export type Draft = Readonly<Record<DefaultField, string>>;

export const draftOf = ({ endpoint, dns, allowedIps, mtu, keepalive }: Defaults): Draft => ({
  endpoint: endpoint ?? '',
  dns: dns.join(', '),
  allowedIps: allowedIps.join(', '),
  mtu: mtu === null ? '' : String(mtu),
  keepalive: String(keepalive),
});

/** Those that were edited. An empty one returns to the settings of the server. */
export function changesOf(before: Draft, after: Draft): UpdateInterfaceInput {
  const changed = DEFAULT_FIELDS.filter((field) => after[field].trim() !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, inputOf(field, after[field].trim())]));
}

function inputOf(field: DefaultField, text: string): string | number | string[] | null {
  if (text === '') return null;
  if (field === 'endpoint') return text;
  if (field === 'dns' || field === 'allowedIps') return wordsOf(text);
  // What is no whole number is sent as one that the server refuses, with the sentence that says what it accepts.
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}
