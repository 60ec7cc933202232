import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  type Span as RecordedSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Log } from '../domain/log.ts';
import { errorCodeOf } from './error-code.ts';
import { withExportLog } from './export-log.ts';
import { statementText } from './statement-text.ts';
import type { Span, Tracer } from './tracer.ts';

/** A span, and the context of those within it. */
interface Active extends Span {
  readonly context: Context;
  readonly isOpen: boolean;
}

/** The name of the service unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES has another one. */
const SERVICE = 'wgql';

/**
 * Sends spans to a collector with OTLP over HTTP, as JSON. The SDK reads its other settings from the environment.
 * Nothing is registered globally.
 */
export function otlpTracer(url: string, version: string, log: Log): Tracer {
  const own = resourceFromAttributes({ 'service.name': SERVICE, 'service.version': version });
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = withExportLog(new OTLPTraceExporter({ url }), log);
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const spans = provider.getTracer(SERVICE, version);
  const propagator = new W3CTraceContextPropagator();
  const actives = new AsyncLocalStorage<Active>();

  const begin = (
    name: string,
    kind: SpanKind,
    parent: Context = ROOT_CONTEXT,
    attributes = {},
  ): Active => {
    const span = spans.startSpan(name, { kind, attributes }, parent);
    return activeOf(span, trace.setSpan(parent, span));
  };
  const active = (): Active | null => {
    const found = actives.getStore();
    return found?.isOpen ? found : null;
  };
  return {
    step: (name, work) => {
      const parent = active();
      if (parent === null) return work();
      const span = begin(name, SpanKind.INTERNAL, parent.context);
      return endedWith(span, () => actives.run(span, work));
    },
    statement: (sql, work) => {
      const parent = active();
      if (parent === null) return work();
      const attributes = { 'db.system.name': 'sqlite', 'db.query.text': statementText(sql) };
      const span = begin('statement', SpanKind.CLIENT, parent.context, attributes);
      return endedWith(span, work);
    },
    root: (name, work) => {
      const span = begin(name, SpanKind.INTERNAL);
      return endedWith(span, () => actives.run(span, work));
    },
    operation: (name, work) => {
      const span = begin(name, SpanKind.SERVER);
      return endedWith(span, () => actives.run(span, work));
    },
    request: (name, headers, work) => {
      const remote = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const span = begin(name, SpanKind.SERVER, remote);
      return actives.run(span, work, span);
    },
    active,
    stop: () => provider.shutdown(),
  };
}

function activeOf(span: RecordedSpan, context: Context): Active {
  return {
    context,
    // false for one that is not sampled: nothing within it is either.
    get isOpen() {
      return span.isRecording();
    },
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    fail: (code) => {
      span
        .setAttribute('error.type', code)
        .setStatus({ code: SpanStatusCode.ERROR, message: code });
    },
    end: () => {
      if (span.isRecording()) span.end();
    },
  };
}

/** Runs work and ends the span after it, or after the promise that it returns. */
function endedWith<T>(span: Span, work: () => T): T {
  const fail = (error: unknown) => {
    span.fail(errorCodeOf(error));
    span.end();
  };
  try {
    const result = work();
    if (!isPromise(result)) span.end();
    else void result.then(() => span.end(), fail);
    return result;
  } catch (error) {
    fail(error);
    throw error;
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}
