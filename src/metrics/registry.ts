import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import type { Family, Sample } from './family.ts';
import { labelsOf } from './labels.ts';

/** The metrics of a registry of prom-client. */
export async function familiesIn(registry: Registry): Promise<Family[]> {
  const metrics = (await registry.getMetricsAsJSON()) as MetricObjectWithValues<Value>[];
  return metrics.map(({ name, help, type, values }) => ({
    name,
    help,
    // The types in the declaration of prom-client are names of an enumeration that it does not export.
    type: String(type) as Family['type'],
    samples: values.map(sampleOf),
  }));
}

type Value = MetricValue<string> & { readonly metricName?: string };

function sampleOf({ metricName, labels, value }: Value): Sample {
  const { le, ...others } = labels;
  return {
    ...(metricName !== undefined && { name: metricName }),
    labels: labelsOf(le === undefined ? others : { ...others, le: boundText(le) }),
    value,
  };
}

/** The upper bound of a bucket, written alike in both formats: OpenMetrics prescribes the decimal point. */
function boundText(bound: string | number): string {
  return Number.isInteger(bound) ? Number(bound).toFixed(1) : String(bound);
}
