import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

const TOOLS = [
  ...['ip', 'nft', 'ping', 'wg', 'wireguard-go'],
  ...['cat', 'env', 'mkdir', 'mount', 'nsenter', 'setpriv', 'sh', 'unshare'],
];

let checked: { reason: string | null } | undefined;

/** null when this machine can run tunnels, otherwise one sentence that says why not. */
export function tunnelSupport(): string | null {
  checked ??= { reason: check() };
  return checked.reason;
}

/**
 * A describe() for tests that need tunnels. Where there is no support, the suite is skipped and
 * the reason printed; with CI=true it throws instead, so that such tests never fade away unseen.
 */
export function describeTunnel(name: string, tests: () => void): void {
  const reason = tunnelSupport();
  if (reason === null) {
    describe(name, tests);
    return;
  }
  if (process.env.CI === 'true') throw new Error(`${name}: ${reason}`);
  console.warn(`Skipped: ${name}. ${reason}`);
  describe.skip(name, tests);
}

function check(): string | null {
  if (process.platform !== 'linux') return 'Tunnels need Linux.';
  if (process.getuid?.() !== 0) return 'Tunnels need root.';
  if (!accessible('/dev/net/tun', constants.R_OK | constants.W_OK)) {
    return 'Tunnels need /dev/net/tun.';
  }
  const missing = TOOLS.filter((tool) => !installed(tool));
  if (missing.length > 0) return `Tunnels need ${missing.join(', ')}, not found in PATH.`;
  const trial = ['-n', '-m', '--', 'ip', 'link', 'add', 'trial', 'type', 'bridge'];
  const { status, stderr } = spawnSync('unshare', trial, { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? null : `Tunnels need namespaces and bridges: ${stderr.trim()}.`;
}

function installed(tool: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => accessible(join(folder, tool), constants.X_OK));
}

function accessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
