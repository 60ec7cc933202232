import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isSupported } from '../../src/config/node-version.ts';
import { runHere } from '../fixtures/command.ts';
import { run } from '../fixtures/program.ts';

const good = { name: 'Node.js', ok: true, text: { en: 'It works.', zh: '可用。' } };
const bad = { name: 'port', ok: false, text: { en: 'It is taken.', zh: '被占用。' } };

describe('wgql doctor', () => {
  it('fails if one thing must be done, and says all in both languages', async () => {
    const failed = await runHere({ env: {}, args: ['doctor'], findings: [good, bad] });
    expect(failed).toMatchObject({
      code: 1,
      stdout: 'ok    Node.js: It works.\n      可用。\nFAIL  port: It is taken.\n      被占用。\n',
    });
    expect((await runHere({ env: {}, args: ['doctor'], findings: [good] })).code).toBe(0);
    const json = await runHere({ env: {}, args: ['doctor', '--json'], findings: [bad] });
    expect(JSON.parse(json.stdout)).toEqual([{ name: 'port', ok: false, message: 'It is taken.' }]);
  });

  it('checks the machine, and creates nothing', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'wgql-doctor-'));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const env = { WGQL_PORT: '18999', WGQL_INTERFACES: 'none0', WGQL_MANAGE: 'on' };
    const { code, stdout } = await run({ cwd, env, args: ['doctor', '--json'] });
    const findings: { name: string; ok: boolean; message: string }[] = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(findings.map(({ name }) => name)).toEqual([
      ...['Node.js', 'wireguard-tools', 'iproute2', 'nftables', 'interfaces', 'CAP_NET_ADMIN'],
      ...['IPv4 forwarding', 'IPv6 forwarding', 'NAT', 'endpoint', 'port', 'time zone'],
      ...['database', 'key file'],
    ]);
    const of = (name: string) => findings.find((finding) => finding.name === name);
    expect(of('Node.js')?.ok).toBe(true);
    expect(of('interfaces')).toMatchObject({
      ok: false,
      message: expect.stringContaining('WGQL_INTERFACES names none0, which does not exist'),
    });
    expect(of('database')?.message).toMatch(/wgql\.db will be created\./);
  });

  it('says what to install if programs are missing', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'wgql-doctor-'));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const { stdout } = await run({ cwd, env: { PATH: cwd, WGQL_MANAGE: 'on' }, args: ['doctor'] });
    expect(stdout).toMatch(/^FAIL {2}nftables: .*apt-get install nftables/m);
  });
});

it.each([
  ['18.20.0', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['21.7.0', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['23.5.0', false],
  ['24.0.0', true],
  ['24.21.0', true],
  ['25.1.0', false],
])('Node.js %s is supported: %s', (version, expected) => {
  expect(isSupported(version)).toBe(expected);
});
