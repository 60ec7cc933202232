import type { Family } from './family.ts';
import { escaped } from './labels.ts';
import type { Peer, PeerFamily } from './peers.ts';

/** The text format of Prometheus 0.0.4, or OpenMetrics 1.0.0. */
export type Format = 'prometheus' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export interface Written {
  readonly peers: readonly Peer[];
  readonly peerFamilies: readonly PeerFamily[];
  readonly families: readonly Family[];
  readonly nowMs: number;
}

/** Writes metrics in parts, so that other work can run in between. */
export function* writeMetrics(
  { peers, peerFamilies, families, nowMs }: Written,
  format: Format,
): Generator<string, void, void> {
  for (const family of peerFamilies) {
    yield head(family, format);
    yield* peerLines(family, peers, nowMs);
  }
  for (const family of families) {
    let text = head(family, format);
    for (const { name = family.name, labels, value } of family.samples) {
      text += `${name}${labels} ${numberText(value)}\n`;
    }
    yield text;
  }
  if (format === 'openmetrics') yield '# EOF\n';
}

/** Short texts, because their bytes are copied quicker than those of a single long one. */
const PEERS_A_PART = 500;

function* peerLines(
  { name, valueFor }: PeerFamily,
  peers: readonly Peer[],
  nowMs: number,
): Generator<string, void, void> {
  for (let from = 0; from < peers.length; from += PEERS_A_PART) {
    let text = '';
    for (const peer of peers.slice(from, from + PEERS_A_PART)) {
      const value = valueFor(peer, nowMs);
      if (value !== null) text += `${name}${peer.labels} ${numberText(value)}\n`;
    }
    yield text;
  }
}

/** In OpenMetrics, the family of a counter has the name without its suffix. */
function head({ name, type, help }: Omit<Family, 'samples'>, format: Format): string {
  const isOpen = format === 'openmetrics';
  const family = isOpen && type === 'counter' ? name.replace(/_total$/, '') : name;
  // Only OpenMetrics reads an escaped quote there.
  const text = isOpen ? escaped(help) : escaped(help).replaceAll('\\"', '"');
  return `# HELP ${family} ${text}\n# TYPE ${family} ${type}\n`;
}

function numberText(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
