import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PEERS } from '../../src/import/imported.ts';
import { LEFT, PROBLEMS } from '../../src/import/texts.ts';
import { readWgQuick } from '../../src/import/wg-quick.ts';
import { BARE, expectNoSecrets, keyOf, messagesOf, privateKeyOf } from './keys.ts';

const SERVER = `[Interface]
Address = 10.8.0.1/24
ListenPort = 51820
PrivateKey = ${privateKeyOf('server')}
PostUp = iptables -A FORWARD -i %i -j ACCEPT
`;

/** A configuration with one peer, whose comments come before the section or inside it. */
function fileWith(before: string, inside = '', after = ''): string {
  return `${SERVER}
${before}
[Peer]
${inside}
PublicKey = ${keyOf('laptop')}
PresharedKey = ${keyOf('laptop psk')}
AllowedIPs = 10.8.0.2/32
${after}
`;
}

function onlyPeerOf(file: string) {
  const { peers, problems } = readWgQuick(file, 'wg0');
  expect(problems).toEqual([]);
  expect(peers).toHaveLength(1);
  return peers[0];
}

describe('the name of a peer', () => {
  it.each([
    ['MindFlavor', fileWith('', '# friendly_name = laptop')],
    ['MindFlavor, as JSON', fileWith('', '# friendly_json = {"name":"laptop","id":7}')],
    ['WGDashboard', fileWith('', '#Name# = laptop')],
    ['wg-easy', fileWith('# Client: laptop (5c1b7a2e-0f3d-4f0e-9b0b-0d5f5d7f6a11)')],
    ['angristan', fileWith('### Client laptop')],
    ['Nyr and hwdsl2', fileWith('# BEGIN_PEER laptop', '', '# END_PEER laptop')],
    ['PiVPN', fileWith('### begin laptop ###', '', '### end laptop ###')],
    ['wireguard-ui', fileWith('# ID:           cb0\n# Name:         laptop')],
    [
      'wg-portal',
      fileWith('', '# friendly_name = laptop\n# -WGP- Peer: 1\n# -WGP- Display name: laptop'),
    ],
    ['wg-portal without the exporter', fileWith('', '# -WGP- Display name: laptop')],
    ['a person who put the comment below the header', fileWith('', '# Client: laptop')],
  ])('is read from the comment of %s', (_, file) => {
    expect(onlyPeerOf(file)).toEqual({
      ...BARE,
      publicKey: keyOf('laptop'),
      interface: 'wg0',
      nickname: 'laptop',
      allowedIps: ['10.8.0.2/32'],
      presharedKey: keyOf('laptop psk'),
    });
  });

  it.each(['Bob\'s "big" phone', '张三的手机', 'phone 📱', 'a = b', 'room #5'])(
    'may be %s',
    (name) => {
      expect(onlyPeerOf(fileWith('', `# friendly_name = ${name}`))?.nickname).toBe(name);
      expect(onlyPeerOf(fileWith(`### Client ${name}`))?.nickname).toBe(name);
    },
  );

  it('has at most 256 characters, and is not cut inside of one', () => {
    const file = fileWith(`### Client ${'x'.repeat(255)}📱`);
    expect(onlyPeerOf(file)?.nickname).toBe('x'.repeat(255));
    expect(readWgQuick(file, null).left).toContainEqual(LEFT.longTexts);
  });

  it('has no control characters', () => {
    expect(onlyPeerOf(fileWith('### Client one\u0007\ttwo\u0085'))?.nickname).toBe('one two');
  });

  it('is empty if no comment names the peer', () => {
    expect(onlyPeerOf(fileWith('# a comment', '# another'))?.nickname).toBe('');
  });

  it.each([
    ['is empty', '### begin phone ###\n### end phone ###'],
    ['is empty, as Nyr writes it', '# BEGIN_PEER phone\n# END_PEER phone'],
    ['was commented out', `### Client phone\n#[Peer]\n#PublicKey = ${keyOf('phone')}`],
  ])('is not taken from the block of another peer that %s', (_, block) => {
    expect(onlyPeerOf(fileWith(block))?.nickname).toBe('');
  });

  it('is not taken from the comments of the interface', () => {
    const file = `[Interface]
# -WGP- Display name: office
# friendly_name = office
PrivateKey = ${privateKeyOf('server')}
[Peer]
PublicKey = ${keyOf('laptop')}
`;
    expect(onlyPeerOf(file)?.nickname).toBe('');
  });
});

describe('a configuration', () => {
  it('of wireguard-ui has the mail addresses of its peers', () => {
    const file = `# Address updated at:     2026-01-02
# Private Key updated at: 2026-01-02
${SERVER}

# ID:           1
# Name:         laptop
# Email:        ann@example.com
# Created at:   2026-01-02
[Peer]
PublicKey = ${keyOf('laptop')}
AllowedIPs = 10.8.0.2/32
PersistentKeepalive = 15

# ID:           2
# Name:         phone
# Email:        
[Peer]
PublicKey = ${keyOf('phone')}
AllowedIPs = 10.8.0.3/32
`;
    expect(readWgQuick(file, 'wg0').peers).toEqual([
      {
        ...BARE,
        publicKey: keyOf('laptop'),
        interface: 'wg0',
        nickname: 'laptop',
        mail: 'ann@example.com',
        allowedIps: ['10.8.0.2/32'],
        persistentKeepaliveSeconds: 15,
      },
      {
        ...BARE,
        publicKey: keyOf('phone'),
        interface: 'wg0',
        nickname: 'phone',
        allowedIps: ['10.8.0.3/32'],
      },
    ]);
  });

  it('of PiVPN has disabled peers in comments', () => {
    const file = `${SERVER}
#[disabled] ### begin laptop ###
#[disabled] [Peer]
#[disabled] PublicKey = ${keyOf('laptop')}
#[disabled] PresharedKey = ${keyOf('laptop psk')}
#[disabled] AllowedIPs = 10.8.0.2/32,fd00::2/128
#[disabled] ### end laptop ###
### begin phone ###
[Peer]
PublicKey = ${keyOf('phone')}
AllowedIPs = 10.8.0.3/32
### end phone ###
`;
    expect(readWgQuick(file, 'wg0').peers).toMatchObject([
      { nickname: 'laptop', enabled: false, allowedIps: ['10.8.0.2/32', 'fd00::2/128'] },
      { nickname: 'phone', enabled: true, allowedIps: ['10.8.0.3/32'] },
    ]);
  });

  it('may have CRLF, a byte order mark, tabs, other case and no newline at its end', () => {
    const file = [
      '\ufeff[interface]',
      `privatekey=${privateKeyOf('server')}`,
      '\t[PEER]\t# a comment',
      `\tPUBLICKEY\t=\t${keyOf('laptop')}\t# a comment`,
      'allowedips=10.8.0.2/32,  fd00:0::2/128 # a comment',
      'ALLOWEDIPS = 192.168.7.9/24',
      'AllowedIPs = 10.8.0.2',
      'persistentKeepAlive = off',
      'Endpoint = 192.0.2.1:1000',
    ].join('\r\n');
    const { peers, left, problems } = readWgQuick(file, null);
    expect(problems).toEqual([]);
    expect(peers).toEqual([
      {
        ...BARE,
        publicKey: keyOf('laptop'),
        allowedIps: ['10.8.0.2/32', 'fd00::2/128', '192.168.7.0/24'],
      },
    ]);
    expect(left).toEqual([LEFT.privateKeys, LEFT.endpoints]);
  });

  it('keeps the first of two peers with one key, and the peers around bad ones', () => {
    const file = `${SERVER}
[Peer]
PublicKey = ${keyOf('laptop')}
AllowedIPs = 10.8.0.2/32
### Client second
[Peer]
PublicKey = ${keyOf('laptop')}
AllowedIPs = 10.8.0.3/32
[Peer]
AllowedIPs = 10.8.0.4/32
### Client "wrong"
[Peer]
PublicKey = abc
[Peer]
PublicKey = ${keyOf('prefix')}
AllowedIPs = 10.8.0.4/33
[Peer]
PublicKey = ${keyOf('keepalive')}
PersistentKeepalive = 65536
[Peer]
PublicKey = ${keyOf('psk')}
PresharedKey = ${keyOf('psk psk').slice(1)}
[Peer]
PublicKey = ${keyOf('phone')}
PresharedKey = ${'A'.repeat(43)}=
PersistentKeepalive = 0
`;
    const { peers, problems } = readWgQuick(file, null);
    expect(peers).toEqual([
      { ...BARE, publicKey: keyOf('laptop'), allowedIps: ['10.8.0.2/32'] },
      { ...BARE, publicKey: keyOf('phone') },
    ]);
    expect(problems.map(({ peer, text }) => [peer.en, text])).toEqual([
      [keyOf('laptop'), PROBLEMS.duplicate],
      ['Peer 3', PROBLEMS.noKey],
      ['"\\"wrong\\""', PROBLEMS.invalidKey],
      [keyOf('prefix'), PROBLEMS.allowedIps],
      [keyOf('keepalive'), PROBLEMS.keepalive],
      [keyOf('psk'), PROBLEMS.presharedKey],
    ]);
  });

  it('has its unknown settings reported by name, unless the name may be a secret', () => {
    const file = fileWith('', `Jc = 3\nColour = red\n${privateKeyOf('pasted')}`);
    const { left, problems } = readWgQuick(file, null);
    expect(problems).toEqual([]);
    expect(left.at(-1)?.en).toContain(': Jc, Colour, ….');
    expectNoSecrets(readWgQuick(file, null), { privateKeys: [privateKeyOf('pasted')] });
  });

  it('gives away no key in a message, and no private key at all', () => {
    const file = `${SERVER}
# BEGIN_PEER ${privateKeyOf('name')}
[Peer]
# -WGP- PrivateKey: ${privateKeyOf('laptop')}
# PrivateKey = ${privateKeyOf('laptop')}
PrivateKey = ${privateKeyOf('misplaced')}
PublicKey = ${keyOf('laptop')}
PresharedKey = ${keyOf('laptop psk')}
# END_PEER
# Client: ${privateKeyOf('name')}
[Peer]
PublicKey = ${privateKeyOf('short').slice(1)}
PresharedKey = ${keyOf('phone psk')}
`;
    const imported = readWgQuick(file, 'wg0');
    expect(imported.left).toEqual(
      expect.arrayContaining([LEFT.privateKeys, LEFT.interfaceSettings, LEFT.keysInText]),
    );
    expect(imported.problems).toHaveLength(1);
    expectNoSecrets(imported, {
      privateKeys: [
        ...[privateKeyOf('server'), privateKeyOf('laptop'), privateKeyOf('misplaced')],
        ...[privateKeyOf('name'), privateKeyOf('short').slice(1)],
      ],
      presharedKeys: [keyOf('laptop psk'), keyOf('phone psk')],
    });
  });

  it('without peers, or with another content, is empty', () => {
    for (const file of ['', '\n\n', SERVER, 'PublicKey = x', '[Peer', '# [Peer]']) {
      expect(readWgQuick(file, null)).toMatchObject({ peers: [], problems: [] });
    }
  });

  it('without an interface name that Linux accepts leaves the interface open', () => {
    const { peers, left } = readWgQuick(fileWith(''), 'a name with spaces');
    expect(peers).toMatchObject([{ interface: null }]);
    expect(left).toContainEqual(LEFT.interfaceNames);
  });

  it('with more peers or text than any server has is refused', () => {
    const tooMany = '[Peer]\n'.repeat(MAX_PEERS + 1);
    expect(() => readWgQuick(tooMany, null)).toThrow('split it');
    expect(() => readWgQuick('x'.repeat(64 * 1024 * 1024 + 1), null)).toThrow('split it');
  });

  it('with very long lines is read to its end', () => {
    const long = 2_000_000;
    const file = fileWith(
      `### Client ${'('.repeat(long)}\n# ${' '.repeat(long)}x\n[${' '.repeat(long)}\n# Client: phone`,
      `# friendly_json = ${'['.repeat(long)}\n${'='.repeat(long)}`,
      `AllowedIPs = ${',10.9.0.1/32'.repeat(long / 10)}`,
    );
    expect(onlyPeerOf(file)).toMatchObject({
      nickname: 'phone',
      allowedIps: ['10.8.0.2/32', '10.9.0.1/32'],
    });
  });

  it('of any content never throws, and repeats no line of it', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('[Peer]', '[Interface]', 'PublicKey=', '#[disabled] [Peer]', '### Client '),
      fc.constant(`PublicKey = ${keyOf('laptop')}`),
      fc.constant(`PresharedKey = ${privateKeyOf('laptop')}x`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const imported = readWgQuick(lines.join('\n'), 'wg0');
        expect(imported.peers.length).toBeLessThanOrEqual(1);
        expect(messagesOf(imported)).not.toContain(privateKeyOf('laptop').slice(0, 20));
      }),
      { numRuns: 200 },
    );
  });
});
