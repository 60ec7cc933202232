import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Log } from '../domain/log.ts';

/** What exporters report for a batch that was sent. */
const SENT = 0;

/**
 * The same exporter, whose failures are logged once when they begin, and once when they have ended. They are not
 * reported to the caller, which could only drop the batch as well.
 */
export function withExportLog(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, ({ code, error }) => {
        const hasFailed = code !== SENT;
        if (hasFailed && !isFailing) log.warn(NOT_SENT, reasonOf(error));
        if (!hasFailed && isFailing) log.info(SENT_AGAIN);
        isFailing = hasFailed;
        done({ code: SENT });
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** The code of the system or the status, if there is one; messages may contain what the collector answered. */
function reasonOf(error: (Error & { readonly code?: unknown }) | undefined): object {
  const { code } = error ?? {};
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}

const NOT_SENT = {
  en: 'Traces cannot be sent to the collector, and are dropped until they can; check OTEL_EXPORTER_OTLP_ENDPOINT and that the collector is running.',
  zh: '无法将追踪数据发送到收集器，恢复之前的数据将被丢弃；请检查 OTEL_EXPORTER_OTLP_ENDPOINT，并确认收集器正在运行。',
};

const SENT_AGAIN = {
  en: 'Traces are sent to the collector again.',
  zh: '已恢复向收集器发送追踪数据。',
};
