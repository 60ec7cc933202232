import { describe, expect, it } from 'vitest';
import type { GoodRead } from '../../../src/domain/wireguard/snapshot.ts';
import { dumpParser } from '../../../src/wg/read/dump.ts';
import { uapiParser } from '../../../src/wg/read/uapi.ts';

interface Peer {
  readonly rx: number;
  readonly endpoint: string;
  readonly allowedIp: string;
  readonly presharedByte: string;
}

const PLAIN: Peer = {
  rx: 1,
  endpoint: '192.0.2.1:1111',
  allowedIp: '10.0.0.2/32',
  presharedByte: '33',
};
const bytes = (hex: string) => Buffer.from(hex.repeat(32).slice(0, 64), 'hex');

/** Both formats, each with the text of a response for peers by the byte of their key. */
const FORMATS = [
  {
    name: 'the socket of a daemon',
    parser: () => {
      const newResponse = uapiParser();
      return async (text: string) => {
        const response = newResponse();
        response.add(text);
        return response.end();
      };
    },
    textOf: (peers: Readonly<Record<string, Peer>>) => {
      const texts = Object.entries(peers).map(([byte, peer]) =>
        [
          `public_key=${bytes(byte).toString('hex')}`,
          `preshared_key=${bytes(peer.presharedByte).toString('hex')}`,
          `endpoint=${peer.endpoint}`,
          `rx_bytes=${peer.rx}`,
          'tx_bytes=2',
          `allowed_ip=${peer.allowedIp}`,
          '',
        ].join('\n'),
      );
      return `listen_port=51820\n${texts.join('')}errno=0\n\n`;
    },
  },
  {
    name: 'a dump',
    parser: dumpParser,
    textOf: (peers: Readonly<Record<string, Peer>>) => {
      const lines = Object.entries(peers).map(([byte, peer]) =>
        [
          bytes(byte).toString('base64'),
          bytes(peer.presharedByte).toString('base64'),
          peer.endpoint,
          peer.allowedIp,
          '0',
          peer.rx,
          '2',
          'off',
        ].join('\t'),
      );
      return `${['(none)\t(none)\t51820\toff', ...lines].join('\n')}\n`;
    },
  },
];

describe.each(FORMATS)('a second response from $name', ({ parser, textOf }) => {
  const [A, B] = ['aa', 'ab'];

  async function readTwice(first: Record<string, Peer>, second: Record<string, Peer>) {
    const parse = parser();
    const before = (await parse(textOf(first))) as GoodRead;
    return { before, after: (await parse(textOf(second))) as GoodRead };
  }

  it('has the same objects for peers that have not changed, in any order', async () => {
    const { before, after } = await readTwice(
      { [A]: PLAIN, [B]: PLAIN },
      { [B]: PLAIN, [A]: PLAIN },
    );
    expect(before.peers).toHaveLength(2);
    expect(after.peers[0]).toBe(before.peers[1]);
    expect(after.peers[1]).toBe(before.peers[0]);
  });

  it.each<[string, Partial<Peer>]>([
    ['received bytes', { rx: 5 }],
    ['endpoint', { endpoint: '192.0.2.9:9' }],
    ['allowed IPs', { allowedIp: '10.0.0.9/32' }],
    ['preshared key', { presharedByte: '44' }],
  ])('is parsed as if it were the first where a peer has other %s', async (_, change) => {
    const changed = { ...PLAIN, ...change };
    const { before, after } = await readTwice(
      { [A]: PLAIN, [B]: PLAIN },
      { [A]: changed, [B]: PLAIN },
    );
    expect(after).toEqual(await parser()(textOf({ [A]: changed, [B]: PLAIN })));
    expect(after.peers[0]).not.toEqual(before.peers[0]);
    expect(after.peers[1]).toBe(before.peers[1]);
  });

  it('does not contain a peer that is gone, and has it again later', async () => {
    const parse = parser();
    await parse(textOf({ [A]: PLAIN, [B]: PLAIN }));
    const without = (await parse(textOf({ [A]: PLAIN }))) as GoodRead;
    expect(without.peers).toHaveLength(1);
    const again = (await parse(textOf({ [A]: PLAIN, [B]: { ...PLAIN, rx: 0 } }))) as GoodRead;
    expect(again.peers.map(({ rxBytes }) => rxBytes)).toEqual([1n, 0n]);
  });

  it('makes a peer unknown while its data is invalid, and no longer', async () => {
    const parse = parser();
    const bad = { ...PLAIN, allowedIp: 'garbage' };
    await parse(textOf({ [A]: PLAIN }));
    for (let time = 0; time < 2; time++) {
      const read = (await parse(textOf({ [A]: bad }))) as GoodRead;
      expect([read.peers.length, read.unknownPeers.length]).toEqual([0, 1]);
    }
    expect(((await parse(textOf({ [A]: PLAIN }))) as GoodRead).peers).toHaveLength(1);
  });

  it('is unknown if it is malformed, and the third is read', async () => {
    const parse = parser();
    await parse(textOf({ [A]: PLAIN, [B]: PLAIN }));
    const cut = textOf({ [A]: PLAIN, [B]: { ...PLAIN, rx: 7 } }).replace(/\d+$|.errno=0\n\n$/s, '');
    expect((await parse(`${cut}x`)).kind).toBe('unknown');
    const third = (await parse(textOf({ [A]: PLAIN, [B]: { ...PLAIN, rx: 8 } }))) as GoodRead;
    expect(third.peers.map(({ rxBytes }) => rxBytes)).toEqual([1n, 8n]);
  });

  it('that is parsed while an earlier one still is has its own numbers', async () => {
    const peers = (rx: number) =>
      Object.fromEntries(
        Array.from({ length: 2_500 }, (_, index) => [
          `${(index + 4096).toString(16)}`,
          { ...PLAIN, rx },
        ]),
      );
    const parse = parser();
    const reads = await Promise.all([parse(textOf(peers(1))), parse(textOf(peers(2)))]);
    for (const [index, read] of (reads as GoodRead[]).entries()) {
      expect(new Set(read.peers.map(({ rxBytes }) => rxBytes))).toEqual(
        new Set([BigInt(index + 1)]),
      );
    }
  });
});
