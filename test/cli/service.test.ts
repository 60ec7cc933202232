import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { unitText } from '../../src/cli/service/unit.ts';
import { runHere } from '../fixtures/command.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-service-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('wgql install-service', () => {
  it('prints the unit and writes nothing', async () => {
    const root = await temporaryFolder();
    const { code, stdout } = await runHere({ env: {}, args: ['install-service', '--root', root] });
    expect(code).toBe(0);
    expect(stdout).toContain('\nExecStart=/usr/bin/node /opt/wgql/dist/main.js\n');
    expect(stdout).toContain('\nAmbientCapabilities=CAP_NET_ADMIN\n');
    expect(stdout).toMatch(/\nAfter=.* wg-quick@wg0\.service wg-quick@wg1\.service\n/);
    expect(stdout).toContain('\nExecReload=/bin/kill -HUP $MAINPID\n');
    await expect(stat(join(root, 'etc'))).rejects.toThrow('ENOENT');
  });

  it('installs the unit and the user, and keeps the settings that are there', async () => {
    const root = await temporaryFolder();
    const install = () =>
      runHere({ env: {}, args: ['install-service', '--write', '--userspace', '--root', root] });
    expect((await install()).code).toBe(0);
    const settings = join(root, 'etc/wgql/wgql.env');
    expect((await stat(settings)).mode & 0o777).toBe(0o600);
    await writeFile(settings, 'WGQL_PORT=9000\n');
    const { stdout, stderr } = await install();
    expect(stdout).not.toContain('wgql.env');
    expect(stderr).toContain('systemctl enable --now wgql');
    expect(await readFile(settings, 'utf8')).toBe('WGQL_PORT=9000\n');
    const unit = await readFile(join(root, 'etc/systemd/system/wgql.service'), 'utf8');
    expect(unit).toContain('CapabilityBoundingSet=CAP_NET_ADMIN CAP_DAC_OVERRIDE\n');
    expect(await readFile(join(root, 'etc/sysusers.d/wgql.conf'), 'utf8')).toMatch(/^u wgql /);
  });

  it('says what to do if it may not write', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'etc'), '');
    const args = ['install-service', '--write', '--root', root];
    const { code, stderr } = await runHere({ env: {}, args });
    expect(code).toBe(1);
    expect(stderr).toContain('run the command as root');
  });

  it.each([false, true])(
    'is a unit that systemd rates as safe, userspace: %s',
    async (hasUserspace) => {
      const folder = await temporaryFolder();
      const file = join(folder, 'wgql.service');
      await mkdir(folder, { recursive: true });
      await writeFile(
        file,
        unitText({
          start: ['/usr/bin/node', '/opt/my wgql/main.js'],
          hasUserspace,
          interfaces: [],
        }),
      );
      const { stdout, error } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', '--threshold=22', file],
        { encoding: 'utf8' },
      );
      expect(error).toBeUndefined();
      expect(Number(/level for wgql\.service: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(
        2.2,
      );
    },
  );
});
