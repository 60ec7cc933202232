import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges with the suffix of counters; `nodejs_active_resources` and its like have the same numbers. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** How often the delay of the event loop is measured. The default costs a process without work 4 ms of CPU in a second. */
const PRECISION_MS = 50;

let registry: Registry | null = null;

/** The metrics of the process and of Node.js. They observe the whole process, so that there is one of them. */
export function processMetrics(): Registry {
  if (registry !== null) return registry;
  registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: PRECISION_MS });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return registry;
}
