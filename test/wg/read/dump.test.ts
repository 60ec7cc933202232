import { describe, expect, it } from 'vitest';
import type { GoodRead } from '../../../src/domain/wireguard/snapshot.ts';
import { dumpParser } from '../../../src/wg/read/dump.ts';
import { parseCounter } from '../../../src/wg/read/fields.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';

const PRIVATE_KEY = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=';
const PRESHARED_KEY = 'MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM=';
const OWN_KEY = newPublicKey();
const PEER_KEY = newPublicKey();

const INTERFACE_LINE = [PRIVATE_KEY, OWN_KEY, '51820', 'off'].join('\t');

interface PeerFields {
  readonly publicKey?: string;
  readonly presharedKey?: string;
  readonly endpoint?: string;
  readonly allowedIps?: string;
  readonly handshake?: string;
  readonly rx?: string;
  readonly tx?: string;
  readonly keepalive?: string;
}

function peerLine(fields: PeerFields = {}): string {
  return [
    fields.publicKey ?? PEER_KEY,
    fields.presharedKey ?? PRESHARED_KEY,
    fields.endpoint ?? '192.0.2.7:40000',
    fields.allowedIps ?? '10.0.0.2/32',
    fields.handshake ?? '1768478400',
    fields.rx ?? '1000',
    fields.tx ?? '2000',
    fields.keepalive ?? '25',
  ].join('\t');
}

const dumpOf = (...lines: string[]) =>
  [INTERFACE_LINE, ...lines].map((line) => `${line}\n`).join('');

async function good(output: string, tool?: 'awg'): Promise<GoodRead> {
  const read = await dumpParser(tool)(output);
  if (read.kind !== 'read') throw new Error('The dump was not understood.');
  return read;
}

const expectSecretless = (result: unknown) => {
  const text = JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  expect(text).not.toContain(PRIVATE_KEY);
  expect(text).not.toContain(PRESHARED_KEY);
};

describe('an invalid dump', () => {
  const whole = dumpOf(peerLine());
  it.each([
    ['is empty, as of a crashed daemon', ''],
    ['is one blank line', '\n'],
    ['lacks the last newline', whole.slice(0, -1)],
    ['ends within the last counter', whole.slice(0, -8)],
    ['ends after the tab before the last field', dumpOf(peerLine()).replace(/25\n$/, '')],
    ['has a peer line of seven fields', dumpOf(peerLine().split('\t').slice(0, 7).join('\t'))],
    ['has a peer line of nine fields', dumpOf(`${peerLine()}\t0`)],
    ['has a blank line among its peers', dumpOf(peerLine(), '', peerLine())],
    ['has an interface line of three fields', `${[PRIVATE_KEY, OWN_KEY, '51820'].join('\t')}\n`],
    ['has an interface line of five fields', `wg0\t${INTERFACE_LINE}\n`],
    ['has no public key of the interface', `${[PRIVATE_KEY, '', '51820', 'off'].join('\t')}\n`],
    ['has a port that is not a number', `${[PRIVATE_KEY, OWN_KEY, 'off', 'off'].join('\t')}\n`],
    ['begins with a peer', `${peerLine()}\n`],
    ['has a key that is too short', dumpOf(peerLine({ publicKey: PEER_KEY.slice(4) }))],
    ['has a key of impossible bits', dumpOf(peerLine({ publicKey: `${'A'.repeat(42)}B=` }))],
    ['has a key of base64url', dumpOf(peerLine({ publicKey: `${'-'.repeat(42)}A=` }))],
    ['has "(none)" for a peer key', dumpOf(peerLine({ publicKey: '(none)' }))],
  ])('is unknown, and not repeated in the message, when it %s', async (_, output) => {
    const read = await dumpParser()(output);
    expect(read).toEqual({
      kind: 'unknown',
      reason: { en: expect.any(String), zh: expect.any(String) },
    });
    expectSecretless(read);
  });

  it('is unknown wherever it is truncated, except after a complete line', async () => {
    const output = dumpOf(peerLine(), peerLine({ publicKey: newPublicKey() }));
    for (let length = 0; length < output.length; length++) {
      const cut = output.slice(0, length);
      const isAtLineEnd = cut.endsWith('\n');
      expect([length, (await dumpParser()(cut)).kind]).toEqual([
        length,
        isAtLineEnd ? 'read' : 'unknown',
      ]);
    }
  });
});

describe('a peer with invalid data', () => {
  it.each([
    ['has an empty counter', dumpOf(peerLine({ rx: '' }))],
    ['has a negative counter', dumpOf(peerLine({ tx: '-1' }))],
    ['has a fractional counter', dumpOf(peerLine({ tx: '1.5' }))],
    ['has a hexadecimal counter', dumpOf(peerLine({ rx: '0x10' }))],
    ['has a counter with a space', dumpOf(peerLine({ rx: ' 1' }))],
    ['has a counter of 2^64', dumpOf(peerLine({ rx: String(2n ** 64n) }))],
    ['has an empty handshake', dumpOf(peerLine({ handshake: '' }))],
    ['has a negative handshake', dumpOf(peerLine({ handshake: '-1' }))],
    ['has a handshake of 2^64-1', dumpOf(peerLine({ handshake: String(2n ** 64n - 1n) }))],
    ['has a keepalive that is not a number', dumpOf(peerLine({ keepalive: 'on' }))],
    ['names a peer twice', dumpOf(peerLine(), peerLine({ rx: '1001' }))],
    ['has an allowed IP that is not a prefix', dumpOf(peerLine({ allowedIps: '10.0.0.2/32,x' }))],
    ['has an empty allowed IP', dumpOf(peerLine({ allowedIps: '' }))],
    ['has an invalid preshared key', dumpOf(peerLine({ presharedKey: 'secret' }))],
    ['has a keepalive past 65535', dumpOf(peerLine({ keepalive: '65536' }))],
    ['has an endless endpoint', dumpOf(peerLine({ endpoint: 'x'.repeat(129) }))],
  ])('is the only unknown one when it %s', async (_, output) => {
    const other = newPublicKey();
    const read = await good(`${output}${peerLine({ publicKey: other })}\n`);
    expect(read.peers).toMatchObject([{ publicKey: other }]);
    expect(read.unknownPeers).toEqual([
      { publicKey: PEER_KEY, reason: { en: expect.any(String), zh: expect.any(String) } },
    ]);
    expectSecretless(read);
  });
});

describe('counters of a dump', () => {
  it.each([
    ['0', 0n],
    ['9007199254740993', 2n ** 53n + 1n],
    ['9223372036854775807', 2n ** 63n - 1n],
  ])('are exact at %s', async (text, value) => {
    const { peers, unknownPeers } = await good(dumpOf(peerLine({ rx: text, tx: text })));
    expect(peers).toMatchObject([{ rxBytes: value, txBytes: value }]);
    expect(unknownPeers).toEqual([]);
  });

  it.each([
    ['received', { rx: String(2n ** 63n) }],
    ['sent', { tx: String(2n ** 64n - 1n) }],
  ])('above 2^63-1 %s make only that peer unknown, with the exact number', async (_, fields) => {
    const other = newPublicKey();
    const { peers, unknownPeers } = await good(
      dumpOf(peerLine(fields), peerLine({ publicKey: other })),
    );
    expect(peers.map(({ publicKey }) => publicKey)).toEqual([other]);
    expect(unknownPeers.map(({ publicKey }) => publicKey)).toEqual([PEER_KEY]);
    expect(unknownPeers[0]?.reason.en).toContain(Object.values(fields)[0]);
    expect(unknownPeers[0]?.reason.zh).toContain(Object.values(fields)[0]);
  });

  it('are unsigned 64-bit decimals', async () => {
    expect(parseCounter('18446744073709551615')).toBe(2n ** 64n - 1n);
    expect(parseCounter('18446744073709551616')).toBeNull();
    expect(parseCounter('007')).toBe(7n);
    for (const text of ['', ' 1', '1 ', '+1', '-1', '1e3', '1_000', '٣']) {
      expect([text, parseCounter(text)]).toEqual([text, null]);
    }
  });
});

describe('a complete dump', () => {
  it('has an interface without peers', async () => {
    expect(await dumpParser()(dumpOf())).toEqual({
      kind: 'read',
      publicKey: OWN_KEY,
      listenPort: 51820,
      peers: [],
      unknownPeers: [],
    });
  });

  it('has an interface without keys and port', async () => {
    const output = '(none)\t(none)\t0\t0xca6c\n';
    expect(await good(output)).toMatchObject({ publicKey: null, listenPort: null });
  });

  it('has every field of a peer, and no secret', async () => {
    const read = await good(dumpOf(peerLine({ allowedIps: '10.0.0.2/32,fd00::2/128' })));
    expect(read.peers).toEqual([
      {
        publicKey: PEER_KEY,
        endpoint: '192.0.2.7:40000',
        allowedIps: ['10.0.0.2/32', 'fd00::2/128'],
        latestHandshake: 1768478400,
        rxBytes: 1000n,
        txBytes: 2000n,
        persistentKeepaliveSeconds: 25,
        presharedKeyDigest: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      },
    ]);
    expectSecretless(read);
  });

  it('has a peer that never sent a packet', async () => {
    const line = peerLine({
      presharedKey: '(none)',
      endpoint: '(none)',
      allowedIps: '(none)',
      handshake: '0',
      keepalive: 'off',
    });
    expect((await good(dumpOf(line))).peers).toMatchObject([
      { endpoint: null, allowedIps: [], latestHandshake: 0, persistentKeepaliveSeconds: null },
    ]);
  });

  it.each([
    '[2001:db8::1]:51820',
    '[fe80::1%eth0]:51820',
    'Name or service not known',
    '(invalid address family)',
  ])('has the endpoint as WireGuard writes it: %s', async (endpoint) => {
    expect((await good(dumpOf(peerLine({ endpoint })))).peers[0]?.endpoint).toBe(endpoint);
  });

  it('has an age for a handshake, as boringtun writes it', async () => {
    expect((await good(dumpOf(peerLine({ handshake: '7' })))).peers[0]?.latestHandshake).toBe(7);
  });

  it('has ten thousand peers in their order', async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32BE(index);
      return bytes.toString('base64');
    });
    const { peers } = await good(dumpOf(...keys.map((publicKey) => peerLine({ publicKey }))));
    expect(peers.map(({ publicKey }) => publicKey)).toEqual(keys);
  });
});

describe('a dump of AmneziaWG', () => {
  it('has more parameters than one of WireGuard, which are ignored', async () => {
    const line = [
      PRIVATE_KEY,
      OWN_KEY,
      '51820',
      '4',
      '40',
      '70',
      '0',
      '0',
      '1',
      '2',
      '3',
      '4',
      'off',
    ];
    const { listenPort, peers } = await good(`${line.join('\t')}\n${peerLine()}\ton\n`, 'awg');
    expect([listenPort, peers.length]).toEqual([51_820, 1]);
    expect(peers[0]).toMatchObject({
      publicKey: PEER_KEY,
      rxBytes: 1000n,
      persistentKeepaliveSeconds: 25,
    });
  });
});
