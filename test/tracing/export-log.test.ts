import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { withExportLog } from '../../src/tracing/export-log.ts';

const REFUSED = Object.assign(new Error('connect to a private address'), { code: 'ECONNREFUSED' });

/** The lines of the log after exports with these results, and what was reported of each. */
function logged(...errors: (Error | null)[]) {
  const left = [...errors];
  const exporter: SpanExporter = {
    export: (_, done) => {
      const error = left.shift() ?? null;
      done(error === null ? { code: 0 } : { code: 1, error });
    },
    shutdown: async () => {},
  };
  const lines: string[] = [];
  const at =
    (level: string) =>
    ({ en }: { en: string }, details: object = {}) =>
      void lines.push(`${level} ${en} ${JSON.stringify(details)}`);
  const watched = withExportLog(exporter, {
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  });
  const codes: number[] = [];
  for (const _ of errors) watched.export([], ({ code }) => codes.push(code));
  return { lines, codes };
}

it('A collector that receives everything is not mentioned in the log.', () => {
  expect(logged(null, null).lines).toEqual([]);
});

it('Failures of the export are one line when they begin, and one when they end.', () => {
  const { lines, codes } = logged(
    null,
    REFUSED,
    REFUSED,
    new Error('x'),
    null,
    null,
    REFUSED,
    null,
  );
  expect(lines.map((line) => line.split(',')[0])).toEqual([
    'warn Traces cannot be sent to the collector',
    'info Traces are sent to the collector again. {}',
    'warn Traces cannot be sent to the collector',
    'info Traces are sent to the collector again. {}',
  ]);
  expect(lines[0]).toContain('{"code":"ECONNREFUSED"}');
  expect(lines.join('')).not.toContain('private address');
  expect(new Set(codes)).toEqual(new Set([0]));
});

it('A failure without a code is logged without a reason.', () => {
  expect(logged(new Error('what the collector answered')).lines).toEqual([
    expect.stringMatching(/running\. \{\}$/),
  ]);
});
