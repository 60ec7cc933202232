import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../src/domain/endpoint.ts';

describe('an endpoint', () => {
  it.each([
    ['vpn.example', { host: 'vpn.example', port: null }],
    ['vpn.example:51820', { host: 'vpn.example', port: 51_820 }],
    ['192.0.2.7:1', { host: '192.0.2.7', port: 1 }],
    ['192.168.1.2', { host: '192.168.1.2', port: null }],
    ['[2001:db8::1]', { host: '[2001:db8::1]', port: null }],
    ['[2001:db8::1]:65535', { host: '[2001:db8::1]', port: 65_535 }],
    ['xn--fiqs8s.example', { host: 'xn--fiqs8s.example', port: null }],
  ])('is accepted: %s', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
  });

  it.each([
    ['', /must be the address that clients connect to/],
    ['vpn example', /must be the address that clients connect to/],
    ['https://vpn.example', /not a URL/],
    ['vpn.example:', /must be the address that clients connect to/],
    ['vpn.example:0', /port from 1 to 65535/],
    ['vpn.example:65536', /port from 1 to 65535/],
    ['vpn.example:1:2', /must be the address that clients connect to/],
    ['2001:db8::1', /write \[2001:db8::1\]/],
    ['[2001:db8::1', /must be the address that clients connect to/],
    ['[vpn.example]:1', /must be the address that clients connect to/],
    ['300.1.1.1', /must be the address that clients connect to/],
    ['1.2.3', /must be the address that clients connect to/],
    ['-vpn.example', /must be the address that clients connect to/],
    ['vpn..example', /must be the address that clients connect to/],
    ['vpn.example\nPostUp = x', /must be the address that clients connect to/],
    [`${'a'.repeat(64)}.example`, /must be the address that clients connect to/],
    ['0.0.0.0:51820', /other machines/],
    ['127.0.0.1', /other machines/],
    ['localhost:51820', /other machines/],
    ['[::1]:51820', /other machines/],
    ['[::]', /other machines/],
    ['vpn.localhost', /other machines/],
    ['0.1.2.3', /other machines/],
    ['127.9.9.9:1', /other machines/],
    ['224.0.0.1:51820', /other machines/],
    ['255.255.255.255', /other machines/],
    ['169.254.0.9', /other machines/],
    ['[ff02::1]:51820', /other machines/],
    ['[fe80::1]', /other machines/],
    ['[::ffff:127.0.0.1]:5', /other machines/],
    ['[::ffff:192.0.2.7]:5', /write 192\.0\.2\.7 or/],
  ])('is rejected with a correction: %j', (text, problem) => {
    const answer = parseEndpoint(text);
    expect('en' in answer ? answer.en : 'understood').toMatch(problem);
  });
});
