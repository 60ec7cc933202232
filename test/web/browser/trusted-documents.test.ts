import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { startFleet } from '../../rest/support.ts';

let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-documents-'));
  file = join(folder, 'documents.json');
  await writeFile(file, JSON.stringify({ totals: '{ dashboard { totalUsers } }' }));
});
afterAll(() => rm(folder, { recursive: true }));

const start = () => startFleet({ env: { WGQL_TRUSTED_DOCUMENTS: file } });

/** What the server refuses from now on, over both transports. */
function refusalsIn(page: Page): string[] {
  const refusals: string[] = [];
  const look = (text: string) => {
    if (text.includes('"FORBIDDEN"')) refusals.push(text);
  };
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => look(String(payload))),
  );
  page.on('requestfinished', async (request) => {
    if (new URL(request.url()).pathname !== '/graphql') return;
    look((await (await request.response())?.text()) ?? '');
  });
  return refusals;
}

describeBrowser('the dashboard of a server that runs only trusted documents', () => {
  const browser = sharedBrowser();

  it('is refused nothing', async () => {
    const app = await start();
    const { page } = await visit(browser(), 'about:blank');
    const refusals = refusalsIn(page);
    await page.goto(app.url);
    const feed = page.getByRole('list', { name: 'Live events' });
    await feed.getByRole('link', { name: 'User_1' }).first().waitFor();
    await page.locator('.uplot').first().waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
    const row = page.getByRole('row').filter({ hasText: 'User_2' });
    app.clock.advance(10_000);
    app.wireguard.interface().shakeHands(app.offline);
    await app.whilePolling(row.getByRole('img', { name: 'online', exact: true }).waitFor());
    await page.getByRole('button', { name: 'Actions for User_1' }).click();
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByText('User_1 is disabled.').waitFor();
    await row.getByRole('link', { name: 'User_2' }).click();
    await page.getByRole('heading', { name: 'User_2' }).waitFor();
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    await page.waitForLoadState('networkidle');
    expect(refusals).toEqual([]);
  });

  it('leaves all other documents refused', async () => {
    const app = await start();
    const answer = await app.graphql('{ status { version } }');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
