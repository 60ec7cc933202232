import type { Log } from '../domain/log.ts';
import type { Tracer } from './tracer.ts';

/** Opens the traces to a collector. Imported dynamically, so that nothing of it is loaded where traces are off. */
export async function openTracer(
  url: string | null,
  version: string,
  log: Log,
): Promise<Tracer | null> {
  if (url === null) return null;
  const { otlpTracer } = await import('./otlp.ts');
  return otlpTracer(url, version, log);
}
