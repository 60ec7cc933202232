import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import accepts from 'accepts';
import { AppError } from '../../domain/errors.ts';
import type { Instruments } from '../../metrics/instruments.ts';
import { PEER_FAMILIES } from '../../metrics/peers.ts';
import { familiesOf, type Reading } from '../../metrics/reading.ts';
import { CONTENT_TYPES, type Format, writeMetrics } from '../../metrics/text.ts';
import { collector } from './collect.ts';

/** Answers a request for metrics with a reading. */
export type AnswerMetrics = (
  request: IncomingMessage,
  response: ServerResponse,
  read: () => Promise<Reading>,
) => Promise<void>;

/** By how much an answer may be longer than the one before without being copied. */
const MORE_BYTES = 512 * 1024;

/** Higher levels take longer than they save: names and keys repeat on each line. */
const compress = (bytes: Buffer): Promise<Buffer> =>
  promisify(gzip)(bytes, { level: constants.Z_BEST_SPEED });

export function metricsAnswers(instruments: Pick<Instruments, 'families'>): AnswerMetrics {
  let expectedBytes = MORE_BYTES;
  return async (request, response, read) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      throw onlyReads();
    }
    const reading = await read();
    const counted = await instruments.families(reading.interfaces.map(({ name }) => name));
    const format = formatFor(request);
    const written = {
      ...reading,
      peerFamilies: PEER_FAMILIES,
      families: [...familiesOf(reading), ...counted],
    };
    const collected = collector(expectedBytes);
    for (const text of writeMetrics(written, format)) {
      collected.add(text);
      await setImmediate();
    }
    const body = collected.bytes();
    expectedBytes = body.length + MORE_BYTES;
    const isCompressed = accepts(request).encodings(['gzip', 'identity']) === 'gzip';
    const sent = isCompressed ? await compress(body) : body;
    response.setHeader('Content-Type', CONTENT_TYPES[format]);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Vary', 'Accept, Accept-Encoding');
    if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Content-Length', sent.length);
    response.end(request.method === 'HEAD' ? undefined : sent);
  };
}

/** The format that the client prefers. One that accepts neither gets text, as exporters answer by custom. */
function formatFor({ headers }: IncomingMessage): Format {
  // Prometheus 3 says with each type how names may be escaped; these names need no escaping.
  const accept = headers.accept?.replace(/;\s*escaping=[^;,]*/g, '');
  const known = [CONTENT_TYPES.prometheus, CONTENT_TYPES.openmetrics];
  const chosen = accepts({ headers: { accept } }).types(known);
  return chosen === CONTENT_TYPES.openmetrics ? 'openmetrics' : 'prometheus';
}

function onlyReads(): AppError {
  return new AppError('METHOD_NOT_ALLOWED', {
    en: 'Metrics can only be read; send GET or HEAD.',
    zh: '指标只能读取；请使用 GET 或 HEAD。',
  });
}
