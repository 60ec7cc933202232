import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges with the suffix of counters; `nodejs_active_resources` and its like have the same numbers. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

let registry: Registry | null = null;

/** The metrics of the process and of Node.js. They observe the whole process, so that there is one of them. */
export function processMetrics(): Registry {
  if (registry !== null) return registry;
  registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return registry;
}
