import type { Labels } from './labels.ts';

/** Metrics of one name, as Prometheus reads them. */
export interface Family {
  /** A counter's name ends in `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Absent: the name of the family. */
  readonly name?: string;
  readonly labels: Labels;
  readonly value: number | bigint;
}

/** A family without labels. */
export function single(
  name: string,
  help: string,
  value: number | null,
  type: Family['type'] = 'gauge',
): Family {
  return { name, type, help, samples: value === null ? [] : [{ labels: '', value }] };
}
