import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { keepTraces } from '../fixtures/leak-detector.ts';
import { waitFor } from '../fixtures/tunnel.ts';

type Value = string | number | boolean;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, Value>>;
  /** The code of its error; null if it has none. */
  readonly failure: string | null;
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  readonly resource: Readonly<Record<string, Value>>;
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** From then on, nothing listens on its port. */
  stop(): Promise<void>;
  /** Resolves once a span with this name has been received. */
  received(name: string): Promise<void>;
  /** The only span with this name. */
  one(name: string): ReceivedSpan;
  /** The names from the first span of the trace to this one. */
  pathTo(span: ReceivedSpan): string[];
  /** The names from the first span to each statement within a span with this name. */
  pathsToStatements(name: string): string[][];
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, Value>>;
}

interface Otlp {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly attributes: readonly KeyValue[];
        readonly status: { readonly code: number; readonly message?: string };
      }[];
    }[];
  }[];
}

const FAILED = 2;

/** A collector on this port, or on one of its own, which receives OTLP in JSON. */
export async function startCollector(port = 0, { answers = true } = {}): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  let resource = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      keepTraces(text);
      requests.push({ path: request.url ?? '', headers: request.headers });
      for (const one of (JSON.parse(text) as Otlp).resourceSpans) {
        resource = valuesOf(one.resource.attributes);
        for (const scope of one.scopeSpans) spans.push(...scope.spans.map(spanOf));
      }
      if (answers) response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  const pathTo = (span: ReceivedSpan): string[] => {
    const parent = spans.find(({ id }) => id === span.parentId);
    return [...(parent === undefined ? [] : pathTo(parent)), span.name];
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop,
    spans,
    requests,
    get resource() {
      return resource;
    },
    received: async (name) => {
      await waitFor(name, async () => spans.some((span) => span.name === name));
    },
    one: (name) => {
      const [span, ...others] = spans.filter((one) => one.name === name);
      if (span === undefined || others.length > 0) {
        const names = [...new Set(spans.map((one) => one.name))].join(', ');
        throw new Error(`${others.length + 1} spans are not one "${name}" among ${names}`);
      }
      return span;
    },
    pathTo,
    pathsToStatements: (name) =>
      spans
        .filter((span) => span.name === 'statement')
        .map(pathTo)
        .filter((path) => path.includes(name)),
  };
}

function spanOf(
  span: Otlp['resourceSpans'][number]['scopeSpans'][number]['spans'][number],
): ReceivedSpan {
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId || null,
    name: span.name,
    attributes: valuesOf(span.attributes),
    failure: span.status.code === FAILED ? (span.status.message ?? '') : null,
  };
}

function valuesOf(attributes: readonly KeyValue[]): Record<string, Value> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0] as Value]),
  );
}
