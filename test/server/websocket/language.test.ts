import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { shared } from '../../fixtures/shared.ts';
import { socketUrl } from '../../live/support.ts';
import { startFleet } from '../../rest/support.ts';

const fleet = shared(() => startFleet());

it.each([
  ['in the payload', { acceptLanguage: 'zh-CN' }, /[一-鿿]/],
  ['in its headers', { headers: { 'Accept-Language': 'zh' } }, /[一-鿿]/],
  ['as English', { acceptLanguage: 'en' }, /^[ -~]+$/],
  ['not at all', {}, /^[ -~]+$/],
])(
  'a WebSocket whose connection_init names a language %s gets errors in it',
  async (_, connectionParams, expected) => {
    const client = createClient({
      url: socketUrl(fleet()),
      webSocketImpl: WebSocket,
      connectionParams,
    });
    onTestFinished(() => void client.dispose());
    const answers = client.iterate({ query: '{ user(by: { id: "x" }) { id } }' });
    const { value: answer } = await answers.next();
    expect(answer?.errors?.[0]?.message).toMatch(expected);
  },
);
