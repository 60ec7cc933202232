import type { IncomingMessage, RequestListener } from 'node:http';
import { fairQueue } from '../../async/fair-queue.ts';
import { AppError, type Text } from '../../domain/errors.ts';
import type { Instruments } from '../../metrics/instruments.ts';
import type { Services } from '../../resolvers/context.ts';
import { readMetrics } from '../../resolvers/metrics/metrics.ts';
import { errorAnswers } from '../answer-error.ts';
import { connectionsOf } from '../connections.ts';
import { checkHost } from '../gate/host.ts';
import { SERVER_LIMITS, WORK_LIMITS } from '../limits.ts';
import { createListener, listen } from '../listen.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { preferredLanguage } from '../preferred-language.ts';
import { securityHeaders } from '../security-headers.ts';
import { metricsAnswers } from './answer.ts';

export interface MetricsServerOptions {
  readonly services: Services;
  readonly instruments: Instruments;
  readonly onInternalError: (error: unknown) => void;
}

export interface MetricsServer {
  /** Where it listens, such as `http://127.0.0.1:9586`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Few programs scrape one exporter. */
const MAX_CONNECTIONS = 100;

/**
 * Serves metrics and nothing else, over plain HTTP and without a token, as exporters do. Rejects with an `AppError` if
 * it cannot listen on the address.
 */
export async function startMetricsServer(
  { services, instruments, onInternalError }: MetricsServerOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const { config } = services;
  const languageOf = (request: IncomingMessage): keyof Text =>
    preferredLanguage(request, config.language ?? 'en');
  const answerError = errorAnswers({ languageOf, onInternalError });
  const answerMetrics = metricsAnswers(instruments);
  const names = [host.toLowerCase(), ...config.allowedHosts];
  const turns = fairQueue(WORK_LIMITS.answers);
  const handle: RequestListener = async (request, response) => {
    try {
      securityHeaders(request, response, () => {});
      // Otherwise a web page whose name resolves to this address could read the metrics (DNS rebinding).
      checkHost(request, names);
      if (request.url?.split('?')[0] !== '/metrics') throw onlyMetrics();
      await turns.run('', () => answerMetrics(request, response, () => readMetrics(services)));
    } catch (error) {
      answerError(error, request, response);
    }
  };
  const server = createListener(
    null,
    { ...SERVER_LIMITS, connections: MAX_CONNECTIONS },
    oneAtATime(handle),
  );
  const connections = connectionsOf(server, () => {});
  const url = await listen(server, host, port, ['WGQL_METRICS_LISTEN']);
  return { url, close: connections.end };
}

function onlyMetrics(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'This address has only /metrics; the APIs are at the address of WGQL_HOST and WGQL_PORT.',
    zh: '此地址只提供 /metrics；各 API 位于 WGQL_HOST 和 WGQL_PORT 指定的地址。',
  });
}
