import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBrowser, type Look, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { startProgram } from '../../fixtures/program.ts';
import { shared, whenFinished } from '../../fixtures/shared.ts';

/** `npm run pictures` sets it to the folder of the pictures in the README; otherwise they are thrown away. */
const KEPT_IN = process.env.WGQL_TEST_PICTURES;

/** Until the chart of the throughput has a minute to show; only where the picture is kept. */
const FILL_MS = 65_000;

const PHONE = { width: 390, height: 844 };

/** What a page shows last. */
const SHOWN: Readonly<Record<string, string>> = {
  '/': '.feed li',
  '/users': '.user-row .name a',
  '/users/3': '.timeline',
};

const PICTURES: readonly (readonly [name: string, path: string, look: Look])[] = [
  ['overview-light', '/', { theme: 'light' }],
  ['overview-dark', '/', { theme: 'dark' }],
  ['users-light', '/users', { theme: 'light' }],
  ['user-dark', '/users/3', { theme: 'dark', height: 1_250 }],
  ['user-light', '/users/3', { theme: 'light', height: 1_250 }],
  ['phone-overview-dark', '/', { theme: 'dark', ...PHONE }],
  ['phone-users-light', '/users', { theme: 'light', ...PHONE }],
  ['phone-overview-zh-light', '/', { theme: 'light', language: 'zh', ...PHONE }],
];

describeBrowser('pictures of the dashboard', () => {
  const browser = sharedBrowser();
  const program = shared(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wgql-pictures-'));
    whenFinished(() => rm(folder, { recursive: true, force: true }));
    return startProgram({
      cwd: folder,
      args: ['demo'],
      env: {
        WGQL_DATABASE_URL: `file:${join(folder, 'demo.db')}`,
        WGQL_INTERFACES: '',
        WGQL_MANAGE: 'on',
      },
    });
  });
  let folder = '';
  beforeAll(async () => {
    folder = KEPT_IN ?? (await mkdtemp(join(tmpdir(), 'wgql-pictures-')));
    await mkdir(folder, { recursive: true });
  });
  afterAll(async () => {
    if (KEPT_IN === undefined) await rm(folder, { recursive: true, force: true });
  });

  it.each(PICTURES)('show %s of simulated data', async (name, path, look) => {
    const { page } = await visit(browser(), `${program().url}${path}`, look);
    await page
      .locator(SHOWN[path] ?? 'h1')
      .first()
      .waitFor();
    await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
    await page.getByText(/simulated data|模拟数据/).waitFor();
    if (KEPT_IN !== undefined && path === '/') await delay(FILL_MS);
    const file = join(folder, `dashboard-${name}.png`);
    await page.screenshot({ path: file });
    expect((await stat(file)).size).toBeGreaterThan(20_000);
  });
});
