import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { GoodRead } from '../../../src/domain/wireguard/snapshot.ts';
import { publicKeyOf } from '../../../src/wg/keys.ts';
import { uapiParser } from '../../../src/wg/read/uapi.ts';

const pair = generateKeyPairSync('x25519');
const der = (key: 'privateKey' | 'publicKey') =>
  key === 'privateKey'
    ? pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
    : pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const PRIVATE_HEX = der('privateKey').toString('hex');
const PRESHARED_HEX = '33'.repeat(32);
/** What stands for a preshared key: no part of it. */
const DIGEST = expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/);

const PEER_HEX = 'b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33';
const OTHER_HEX = '58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376';
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

const INTERFACE_LINES = [`private_key=${PRIVATE_HEX}`, 'listen_port=51820', 'fwmark=0'];
const COUNTERS = ['rx_bytes=1000', 'tx_bytes=2000'];
const peerLines = (publicKey = PEER_HEX, ...lines: string[]) => [
  `public_key=${publicKey}`,
  `preshared_key=${PRESHARED_HEX}`,
  'protocol_version=1',
  ...COUNTERS,
  ...lines,
];
const answerOf = (...lines: string[]) =>
  `${[...INTERFACE_LINES, ...lines, 'errno=0'].join('\n')}\n\n`;

function parseUapi(answer: string) {
  const response = uapiParser()();
  response.add(answer);
  return response.end();
}

function good(answer: string): GoodRead {
  const read = parseUapi(answer);
  if (read.kind !== 'read') throw new Error('The answer was not understood.');
  return read;
}

const expectSecretless = (result: unknown) => {
  const text = JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  for (const hex of [PRIVATE_HEX, PRESHARED_HEX]) {
    expect(text).not.toContain(hex);
    expect(text).not.toContain(base64(hex));
  }
};

describe('an invalid response', () => {
  const whole = answerOf(...peerLines());
  it.each([
    ['is empty', ''],
    ['lacks the blank line', whole.slice(0, -1)],
    ['lacks both newlines', whole.slice(0, -2)],
    ['ends before errno', whole.replace('errno=0\n\n', '')],
    ['ends before errno with a blank line', whole.replace('errno=0\n', '')],
    ['says errno=1', whole.replace('errno=0', 'errno=1')],
    ['says errno=-22', whole.replace('errno=0', 'errno=-22')],
    ['says errno=', whole.replace('errno=0', 'errno=')],
    ['continues after the blank line', `${whole}x\n`],
    ['has errno within', answerOf(...peerLines(), 'errno=0')],
    ['has two private keys', answerOf(`private_key=${PRIVATE_HEX}`)],
    ['has a line without "="', answerOf(...peerLines(), 'rx_bytes')],
    ['has a line without a name', answerOf(...peerLines(), '=1')],
    ['has a blank line within', answerOf(...peerLines(), '', 'rx_bytes=1')],
    ['never ends a peer', answerOf(...peerLines(), `endpoint=${'x'.repeat(2 ** 20)}`)],
    ['has a peer key of 63 digits', answerOf(...peerLines(PEER_HEX.slice(1)))],
    ['has a peer key of base64', answerOf(...peerLines(base64(PEER_HEX)))],
  ])('is unknown, and not repeated in the message, when it %s', (_, answer) => {
    const read = parseUapi(answer);
    expect(read).toEqual({
      kind: 'unknown',
      reason: { en: expect.any(String), zh: expect.any(String) },
    });
    expectSecretless(read);
  });

  it('is the same in parts of any length', () => {
    const answer = answerOf(...peerLines(), ...peerLines(OTHER_HEX));
    for (let length = 1; length < answer.length; length++) {
      const response = uapiParser()();
      for (let from = 0; from < answer.length; from += length) {
        response.add(answer.slice(from, from + length));
      }
      expect(response.end()).toEqual(good(answer));
    }
  });

  it('is unknown wherever it is truncated', () => {
    const answer = answerOf(...peerLines(), ...peerLines(OTHER_HEX));
    for (let length = 0; length < answer.length; length++) {
      expect([length, parseUapi(answer.slice(0, length)).kind]).toEqual([length, 'unknown']);
    }
  });
});

describe('a peer with invalid data', () => {
  it.each([
    ['has an empty counter', answerOf(...peerLines(PEER_HEX, 'rx_bytes='))],
    ['has a negative counter', answerOf(...peerLines(PEER_HEX, 'tx_bytes=-1'))],
    ['has a counter of 2^64', answerOf(...peerLines(PEER_HEX, `rx_bytes=${2n ** 64n}`))],
    ['has an empty handshake', answerOf(...peerLines(PEER_HEX, 'last_handshake_time_sec='))],
    ['has a negative handshake', answerOf(...peerLines(PEER_HEX, 'last_handshake_time_sec=-1'))],
    ['has a worded handshake', answerOf(...peerLines(PEER_HEX, 'last_handshake_time_sec=never'))],
    [
      'has a hexadecimal handshake',
      answerOf(...peerLines(PEER_HEX, 'last_handshake_time_sec=0x1')),
    ],
    [
      'has an empty part of a second',
      answerOf(...peerLines(PEER_HEX, 'last_handshake_time_nsec=')),
    ],
    [
      'has a negative keepalive',
      answerOf(...peerLines(PEER_HEX, 'persistent_keepalive_interval=-1')),
    ],
    ['lacks the counters of a peer', answerOf(`public_key=${PEER_HEX}`)],
    ['lacks what a peer sent', answerOf(`public_key=${PEER_HEX}`, 'rx_bytes=1')],
    ['names a peer twice', answerOf(...peerLines(), ...peerLines())],
    ['has a counter twice', answerOf(...peerLines(PEER_HEX, 'rx_bytes=99'))],
    [
      'has more allowed IPs than any network',
      answerOf(...peerLines(PEER_HEX, ...Array(10_001).fill('allowed_ip=10.0.0.2/32'))),
    ],
    [
      'has an allowed IP that is not a prefix',
      answerOf(...peerLines(PEER_HEX, 'allowed_ip=10.0.0.2/32', 'allowed_ip=garbage')),
    ],
    ['has an invalid preshared key', answerOf(...peerLines(PEER_HEX, 'preshared_key=secret'))],
    [
      'has a keepalive past 65535',
      answerOf(...peerLines(PEER_HEX, 'persistent_keepalive_interval=65536')),
    ],
  ])('is the only unknown one when it %s', (_, answer) => {
    const others = peerLines(OTHER_HEX).map((line) => `${line}\n`);
    const read = good(answer.replace('errno=0', `${others.join('')}errno=0`));
    expect(read.peers).toMatchObject([{ publicKey: base64(OTHER_HEX) }]);
    expect(read.unknownPeers).toEqual([
      { publicKey: base64(PEER_HEX), reason: { en: expect.any(String), zh: expect.any(String) } },
    ]);
    expectSecretless(read);
  });
});

describe('a complete response', () => {
  it('returns the public key of the private one, and no secret', () => {
    const read = good(answerOf(...peerLines()));
    expect(read.publicKey).toBe(der('publicKey').toString('base64'));
    expect(read.listenPort).toBe(51820);
    expectSecretless(read);
  });

  it.each([
    ['no key', []],
    ['a key of zeros', [`private_key=${'0'.repeat(64)}`, 'listen_port=0']],
  ])('has no public key for an interface with %s', (_, lines) => {
    const read = good(`${[...lines, 'errno=0'].join('\n')}\n\n`);
    expect(read).toEqual({
      kind: 'read',
      publicKey: null,
      listenPort: null,
      peers: [],
      unknownPeers: [],
    });
  });

  it('has every field of its peers, with keys in base64', () => {
    const lines = [
      'endpoint=[fe80::1%eth0]:51820',
      'allowed_ip=10.0.0.2/32',
      'allowed_ip=fd00::2/128',
      'last_handshake_time_sec=1768478400',
      'last_handshake_time_nsec=123456789',
      'persistent_keepalive_interval=25',
    ];
    expect(good(answerOf(...peerLines(PEER_HEX, ...lines), ...peerLines(OTHER_HEX))).peers).toEqual(
      [
        {
          publicKey: base64(PEER_HEX),
          endpoint: '[fe80::1%eth0]:51820',
          allowedIps: ['10.0.0.2/32', 'fd00::2/128'],
          latestHandshake: 1768478400,
          rxBytes: 1000n,
          txBytes: 2000n,
          persistentKeepaliveSeconds: 25,
          presharedKeyDigest: DIGEST,
        },
        {
          publicKey: base64(OTHER_HEX),
          endpoint: null,
          allowedIps: [],
          latestHandshake: null,
          rxBytes: 1000n,
          txBytes: 2000n,
          persistentKeepaliveSeconds: null,
          presharedKeyDigest: DIGEST,
        },
      ],
    );
  });

  it('may contain unknown names, before and within peers', () => {
    const answer = answerOf('colour=blue', ...peerLines(PEER_HEX, 'advanced_security=on', 'x==='));
    expect(good(answer).peers).toHaveLength(1);
  });

  it.each([
    ['9007199254740993', 2n ** 53n + 1n],
    ['9223372036854775807', 2n ** 63n - 1n],
  ])('is exact at %s bytes', (text, value) => {
    const read = good(answerOf(`public_key=${PEER_HEX}`, `rx_bytes=${text}`, `tx_bytes=${text}`));
    expect(read.peers).toMatchObject([{ rxBytes: value, txBytes: value }]);
  });

  it('makes only a peer with impossible counters unknown', () => {
    const impossible = [`public_key=${PEER_HEX}`, 'rx_bytes=1', `tx_bytes=${2n ** 64n - 1n}`];
    const { peers, unknownPeers } = good(answerOf(...impossible, ...peerLines(OTHER_HEX)));
    expect(peers.map(({ publicKey }) => publicKey)).toEqual([base64(OTHER_HEX)]);
    expect(unknownPeers).toMatchObject([{ publicKey: base64(PEER_HEX) }]);
    expect(unknownPeers[0]?.reason.en).toContain('18446744073709551615');
  });
});

describe('a handshake of boringtun', () => {
  const handshake = (seconds: number, nanoseconds: number) =>
    good(
      answerOf(
        ...peerLines(
          PEER_HEX,
          `last_handshake_time_sec=${seconds}`,
          `last_handshake_time_nsec=${nanoseconds}`,
        ),
      ),
    ).peers[0]?.latestHandshake;

  it('is an age, which is not converted', () => {
    expect(handshake(97, 5)).toBe(97);
  });

  it('of less than a second is not "never"', () => {
    expect(handshake(0, 400_000_000)).toBe(1);
  });

  it('of zero is "never"', () => {
    expect(handshake(0, 0)).toBe(0);
  });
});

describe('the public key of a private one', () => {
  it('is the same in either case of its digits', () => {
    const expected = der('publicKey').toString('base64');
    expect(publicKeyOf(PRIVATE_HEX)).toBe(expected);
    expect(publicKeyOf(PRIVATE_HEX.toUpperCase())).toBe(expected);
  });

  it.each(['', 'zz'.repeat(32), '0'.repeat(64), 'ab'.repeat(33)])('is none for %j', (hex) => {
    expect(publicKeyOf(hex)).toBeNull();
  });
});

it('names of lines that wgql does not know are reported once each, and ignored', () => {
  const unknown: string[] = [];
  const newResponse = uapiParser((name) => unknown.push(name));
  const text = `private_key=${'1'.repeat(64)}\njc=4\nh1=123\nnew_knob=1\npublic_key=${'2'.repeat(64)}\nprotocol_version=1\nrx_bytes=1\ntx_bytes=2\nlast_handshake_time_sec=0\nnew_number=5\nerrno=0\n\n`;
  for (let poll = 0; poll < 2; poll++) {
    const response = newResponse();
    response.add(text);
    expect(response.end()).toMatchObject({ kind: 'read', peers: [{ rxBytes: 1n }] });
  }
  expect(unknown).toEqual(['new_knob', 'new_number']);
});
