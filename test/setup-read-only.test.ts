import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Runs `npm start -- version` on this tree, mounted where nothing can be written. */
async function startReadOnly(
  hide = '',
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-read-only-'));
  onTestFinished(() => rmdir(folder));
  const script = `
    set -e
    mount --bind "$ROOT" "$FOLDER"
    ${hide}
    mount -o remount,ro,bind "$FOLDER"
    cd "$FOLDER"
    exec "$NODE" scripts/setup.mjs --run version`;
  return new Promise((resolve) => {
    execFile(
      'unshare',
      ['-m', '--propagation', 'private', 'sh', '-c', script],
      { env: { PATH: process.env.PATH, ROOT, FOLDER: folder, NODE: process.execPath } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe.runIf(process.getuid?.() === 0)('a tree where nothing can be written', () => {
  it('is sufficient once it is set up', async () => {
    const { code, stdout, stderr } = await startReadOnly();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('causes a message that says what to do if it is not set up', async () => {
    const hidden = 'mount -t tmpfs none "$FOLDER/.setup"; mount -o remount,ro "$FOLDER/.setup"';
    const { code, stderr } = await startReadOnly(hidden);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^This folder has to be set up.*\n.*[\u4e00-\u9fff].*\n$/);
  });
});
