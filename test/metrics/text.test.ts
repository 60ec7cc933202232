import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/metrics/family.ts';
import { labelsOf } from '../../src/metrics/labels.ts';
import { PEER_FAMILIES, type Peer, peerLabels } from '../../src/metrics/peers.ts';
import { type Format, writeMetrics } from '../../src/metrics/text.ts';

const NOW_MS = Date.UTC(2026, 0, 15, 12, 0, 0);
const NOBODY = { publicKey: 'KEY=', allowedIps: '10.8.0.2/32,fd08::2/128', nickname: '' };

function newPeer(given: Partial<Peer> = {}): Peer {
  return {
    labels: '{public_key="KEY="}',
    rxBytes: 0n,
    txBytes: 0n,
    handshakeSeconds: 0,
    isOnline: false,
    sessionStartMs: null,
    quota: null,
    ...given,
  };
}

function write(
  { peers = [], families = [] }: { peers?: readonly Peer[]; families?: readonly Family[] },
  format: Format = 'prometheus',
): string {
  const written = { peers, peerFamilies: PEER_FAMILIES, families, nowMs: NOW_MS };
  return [...writeMetrics(written, format)].join('');
}

/** The lines of samples of a metric. */
const samplesOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('labels', () => {
  it('have backslashes, quotes and newlines escaped, and nothing else', () => {
    expect(labelsOf({ a: 'back\\slash', b: 'a "quote"', c: 'two\nlines', d: '张三 {}, =' })).toBe(
      String.raw`{a="back\\slash",b="a \"quote\"",c="two\nlines",d="张三 {}, ="}`,
    );
  });

  it('of a peer are its interface and its key unless more is asked for', () => {
    expect(peerLabels({ ...NOBODY, nickname: 'Ada' }, 'wg0', 'keys')).toBe(
      '{interface="wg0",public_key="KEY="}',
    );
  });

  it('of a peer are in the order of prometheus_wireguard_exporter', () => {
    expect(peerLabels({ ...NOBODY, nickname: 'Ada "the\\first"\n' }, 'wg0', 'full')).toBe(
      String.raw`{interface="wg0",public_key="KEY=",allowed_ips="10.8.0.2/32,fd08::2/128",friendly_name="Ada \"the\\first\"\n"}`,
    );
  });

  it('have a friendly name and allowed IPs only where they are known', () => {
    expect(peerLabels({ ...NOBODY, allowedIps: null }, null, 'full')).toBe(
      '{interface="",public_key="KEY="}',
    );
  });
});

describe('the text of peers', () => {
  it('has counters with all digits', () => {
    const text = write({ peers: [newPeer({ rxBytes: 9_223_372_036_854_775_807n, txBytes: 1n })] });
    expect(text).toContain(
      [
        '# HELP wireguard_received_bytes_total Bytes received from the peer',
        '# TYPE wireguard_received_bytes_total counter',
        'wireguard_received_bytes_total{public_key="KEY="} 9223372036854775807',
        '',
      ].join('\n'),
    );
  });

  it('has the time and the age of a handshake, and neither without one', () => {
    const handshakeSeconds = NOW_MS / 1000 - 90;
    const text = write({
      peers: [newPeer({ labels: '{p="a"}', handshakeSeconds }), newPeer({ labels: '{p="b"}' })],
    });
    expect(samplesOf(text, 'wireguard_latest_handshake_seconds')).toEqual([
      `wireguard_latest_handshake_seconds{p="a"} ${handshakeSeconds}`,
    ]);
    expect(samplesOf(text, 'wireguard_latest_handshake_delay_seconds')).toEqual([
      'wireguard_latest_handshake_delay_seconds{p="a"} 90',
    ]);
  });

  it('has no negative age of a handshake if the clock was set back', () => {
    const handshakeSeconds = NOW_MS / 1000 + 60;
    const text = write({ peers: [newPeer({ handshakeSeconds })] });
    expect(samplesOf(text, 'wireguard_latest_handshake_delay_seconds')).toEqual([
      'wireguard_latest_handshake_delay_seconds{public_key="KEY="} 0',
    ]);
  });

  it('has quotas and sessions only of users who have them', () => {
    const quota = { limitBytes: 1_048_576n, usedBytes: 17n };
    const text = write({
      peers: [
        newPeer({ labels: '{p="a"}', quota, isOnline: true, sessionStartMs: NOW_MS }),
        newPeer({ labels: '{p="b"}' }),
      ],
    });
    expect(samplesOf(text, 'wgql_quota_limit_bytes')).toEqual([
      'wgql_quota_limit_bytes{p="a"} 1048576',
    ]);
    expect(samplesOf(text, 'wgql_quota_used_bytes')).toEqual(['wgql_quota_used_bytes{p="a"} 17']);
    expect(samplesOf(text, 'wgql_session_start_time_seconds')).toEqual([
      `wgql_session_start_time_seconds{p="a"} ${NOW_MS / 1000}`,
    ]);
    expect(samplesOf(text, 'wgql_peer_online')).toEqual([
      'wgql_peer_online{p="a"} 1',
      'wgql_peer_online{p="b"} 0',
    ]);
  });

  it('has every peer once in each family, in the given order, however many there are', () => {
    const peers = Array.from({ length: 1_234 }, (_, index) =>
      newPeer({ labels: `{p="${index}"}`, rxBytes: BigInt(index) }),
    );
    expect(samplesOf(write({ peers }), 'wireguard_received_bytes_total')).toEqual(
      peers.map((_, index) => `wireguard_received_bytes_total{p="${index}"} ${index}`),
    );
  });
});

describe('the text of other families', () => {
  const families: readonly Family[] = [
    {
      name: 'a_total',
      type: 'counter',
      help: 'Has a "quote", a \\ and\na line',
      samples: [{ labels: '', value: 1 }],
    },
    {
      name: 'b_seconds',
      type: 'gauge',
      help: 'Is not finite',
      samples: [
        { labels: '{c="1"}', value: Number.POSITIVE_INFINITY },
        { labels: '{c="2"}', value: Number.NEGATIVE_INFINITY },
        { labels: '{c="3"}', value: Number.NaN },
      ],
    },
  ];
  const B = [
    '# HELP b_seconds Is not finite',
    '# TYPE b_seconds gauge',
    'b_seconds{c="1"} +Inf',
    'b_seconds{c="2"} -Inf',
    'b_seconds{c="3"} NaN',
  ];

  it('names a counter with its suffix in the format of Prometheus', () => {
    const A = [
      String.raw`# HELP a_total Has a "quote", a \\ and\na line`,
      '# TYPE a_total counter',
      'a_total 1',
    ];
    expect(write({ families }).endsWith([...A, ...B, ''].join('\n'))).toBe(true);
  });

  it('names the family of a counter without its suffix in OpenMetrics, and ends with EOF', () => {
    const A = [
      String.raw`# HELP a Has a \"quote\", a \\ and\na line`,
      '# TYPE a counter',
      'a_total 1',
    ];
    const text = write({ families }, 'openmetrics');
    expect(text.endsWith([...A, ...B, '# EOF', ''].join('\n'))).toBe(true);
  });
});
