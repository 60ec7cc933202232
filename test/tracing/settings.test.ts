import { expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';

it.each([
  [{}, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' }, 'http://otel:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel/base/' }, 'https://otel/base/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://otel/mine' }, 'http://otel/mine'],
  [
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://otel/mine',
    },
    'http://otel/mine',
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_SDK_DISABLED: 'TRUE' }, null],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', OTEL_SDK_DISABLED: 'false' },
    'http://otel/v1/traces',
  ],
])('With %j, traces are sent to %s.', (env, url) => {
  expect(readConfig(env).tracesUrl).toBe(url);
});

it.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])(
  '%s must be a URL of http or https, which is said in both languages.',
  (name) => {
    for (const url of ['otel:4318', 'grpc://otel:4317', 'http://', '/v1/traces']) {
      const read = () => readConfig({ [name]: url });
      expect(read).toThrow(ConfigError);
      try {
        read();
      } catch (error) {
        const [problem, ...others] = (error as ConfigError).problems;
        expect(others).toEqual([]);
        expect(problem?.en).toMatch(new RegExp(`^${name} must be the URL of a collector`));
        expect(problem?.zh).toMatch(new RegExp(`^${name} 必须是收集器的 URL`));
      }
    }
  },
);

it('Other variables of OpenTelemetry cause no warning.', () => {
  const warnings = readConfig({ TZ: 'UTC', OTEL_SERVICE_NAME: 'a', OTEL_UNKNOWN: 'b' }).warnings;
  expect(warnings).toEqual(readConfig({ TZ: 'UTC' }).warnings);
});
