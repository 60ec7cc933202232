import { describe, expect, it } from 'vitest';
import { checkEndpoint } from '../../src/doctor/network.ts';
import { checkPrograms } from '../../src/doctor/programs.ts';
import { withStoredEndpoint } from '../../src/doctor/storage.ts';
import { type Found, toolsFor } from '../../src/doctor/wireguard.ts';
import { AppError } from '../../src/domain/errors.ts';
import { startTestApp } from '../fixtures/test-app.ts';

const never = new AbortController().signal;

const found = (...tools: ('wg' | 'awg')[]): Found =>
  tools.map((tool) => ({ target: { tool } })) as unknown as Found;

describe('the command that doctor checks', () => {
  it.each([
    [found('wg'), ['wg']],
    [found('awg', 'awg'), ['awg']],
    [found('wg', 'awg'), ['awg', 'wg']],
    [found(), ['wg']],
    [new AppError('UNAVAILABLE', { en: 'No.', zh: '否。' }), ['wg']],
  ])('is that of the interfaces: %#', (interfaces, tools) => {
    expect(toolsFor(interfaces)).toEqual(tools);
  });

  it('is named with its package if it is missing', async () => {
    const findings = await checkPrograms(never, { manage: false, tools: ['awg'] });
    expect(findings.map(({ name }) => name)).toEqual(['amneziawg-tools', 'iproute2']);
  });
});

it('an endpoint that was set over the API is enough', async () => {
  const app = await startTestApp({ prepare: (wireguard) => void wireguard.interface() });
  await app.polled();
  const config = { databaseUrl: `file:${app.folder}/wgql.db` };
  expect(await withStoredEndpoint(config, ['wg0', 'wg1'])).toEqual([]);
  const { errors } = await app.graphql(
    'mutation { updateInterface(name: "wg0", input: { endpoint: "vpn.example:51820" }) { interface { name } } }',
  );
  expect(errors).toBeUndefined();
  const stored = await withStoredEndpoint(config, ['wg0', 'wg1']);
  expect(stored).toEqual(['wg0']);
  expect(await checkEndpoint({ endpoints: new Map() }, stored, never)).toMatchObject({
    ok: true,
    text: { en: 'The endpoint of wg0 is set.' },
  });
});

it('without a database, no endpoint is stored', async () => {
  expect(await withStoredEndpoint({ databaseUrl: 'file:/nowhere/wgql.db' }, ['wg0'])).toEqual([]);
});
