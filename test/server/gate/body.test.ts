import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import { type RawRequest, send, startFleet } from '../../rest/support.ts';
import { codeOf, exchange, jsonPost, stateKept, withHeaders } from '../support.ts';

describe('a body', () => {
  const fleet = shared(() => startFleet());
  const query = '{ status { demo } }';
  const padded = (bytes: number) => {
    const body = (padding: string) => JSON.stringify({ query, variables: { padding } });
    return body('x'.repeat(bytes - body('').length));
  };
  const post = (body: string): RawRequest => ({ ...jsonPost('/graphql', {}), body });

  it('of a GraphQL request may have at most 500 kB, with or without Content-Length', async () => {
    const app = fleet();
    const most = await send(app, post(padded(500_000)));
    expect(most.text).toBe('{"data":{"status":{"demo":false}}}');
    for (const chunked of [false, true]) {
      // The second is more than the buffers between client and server hold.
      for (const bytes of [500_001, 12_000_000]) {
        const answer = await send(app, { ...post(padded(bytes)), chunked });
        expect(answer.status).toBe(413);
        expect(codeOf(answer)).toBe('PAYLOAD_TOO_LARGE');
      }
      const zh = { 'accept-language': 'zh' };
      const chinese = await send(app, withHeaders({ ...post(padded(500_001)), chunked }, zh));
      expect(JSON.parse(chinese.text).errors[0].message).toBe('请求体过大；请不要超过 500 kB。');
    }
    expect((await send(app, post(padded(1_000)))).status).toBe(200);
  });

  it('that is compressed has the same size limit', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    const bomb = gzipSync(JSON.stringify({ query, nickname: 'x'.repeat(5_000_000) }));
    expect(bomb.length).toBeLessThan(500_000);
    const sendBytes = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const { port } = new URL(app.url);
        const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
        const outgoing = request({ port, method: 'POST', path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        outgoing.on('error', reject);
        outgoing.end(bomb);
      });
    expect(await sendBytes('/graphql')).toBe(415);
    expect(await sendBytes('/api/users/create')).toBe(413);
    await expectUnchanged();
  });

  it('with an ambiguous length is rejected', async () => {
    const app = fleet();
    const expectUnchanged = await stateKept(app);
    const host = `Host: ${new URL(app.url).host}\r\n`;
    const smuggled = `GET /api/users/1/disable HTTP/1.1\r\n${host}\r\n`;
    const chunked = `0\r\n\r\n${smuggled}`;
    const json = 'Content-Type: application/json\r\n';
    for (const [lengths, body] of [
      [`Content-Length: ${chunked.length}\r\nTransfer-Encoding: chunked\r\n`, chunked],
      [`Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`, chunked],
      ['Content-Length: 2\r\nContent-Length: 40\r\n', `{}${smuggled}`],
      ['Content-Length: +2\r\n', `{}${smuggled}`],
      ['Transfer-Encoding: xchunked\r\n', chunked],
    ]) {
      const answer = await exchange(
        app,
        `POST /api/users/create HTTP/1.1\r\n${host}${json}${lengths}\r\n${body}`,
      );
      expect(answer, lengths).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    }
    await expectUnchanged();
  });
});
