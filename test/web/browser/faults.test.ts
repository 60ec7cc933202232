import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { shared } from '../../fixtures/shared.ts';
import { startFleet } from '../../rest/support.ts';

/** Answers the operations with this name with an error and without data. */
async function failing(page: Page, operation: string): Promise<void> {
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes(`query ${operation}`)) return route.continue();
    const errors = [{ message: 'It failed.', extensions: { code: 'INTERNAL' } }];
    await route.fulfill({ json: { data: null, errors } });
  });
}

describeBrowser('a fault', () => {
  const browser = sharedBrowser();
  const app = shared(() => startFleet());

  it.each([
    ['/', 'Traffic'],
    ['/', 'Attention'],
    ['/', 'NewestEvents'],
    ['/users', 'UserPage'],
    ['/users/1', 'UserDetails'],
    ['/users/1', 'UserSessions'],
    ['/settings/interfaces', 'Interfaces'],
    ['/settings/tokens', 'Tokens'],
  ])(
    'of the server is a sentence on %s (%s), and the rest of the page stays',
    async (path, operation) => {
      const { page } = await visit(browser(), 'about:blank');
      await failing(page, operation);
      await page.goto(`${app().url}${path}`);
      await page.getByText('It failed.').first().waitFor();
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    },
  );

  it('of a later read leaves on the page what it showed', async () => {
    const { page, context } = await visit(browser(), `${app().url}/users/1`);
    await page.getByRole('heading', { name: 'Details' }).waitFor();
    await context.setOffline(true);
    await page.getByText('This device is offline').waitFor();
    await page.waitForRequest(/graphql/, { timeout: 20_000 });
    await page.getByRole('heading', { name: 'Details' }).waitFor();
  });

  it('of the network, when a page is opened, is a sentence until the network is back', async () => {
    const { page, context } = await visit(browser(), app().url);
    await page.getByText('Online now').waitFor();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByText('This page could not be loaded').waitFor();
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'Users' }).waitFor();
  });

  it.each([
    ['/events?from=0002-11-20', 'Events'],
    ['/events?from=99999-11-20', 'Events'],
    ['/audit?to=0001-01-01', 'Audit'],
    ['/users/1?zoom=9-99999999999999999', 'User_1'],
    ['/users/1?span=x&zoom=y', 'User_1'],
  ])('in the address leaves the page as it is: %s', async (path, title) => {
    const { page } = await visit(browser(), `${app().url}${path}`);
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
  });

  it('of the server is told in the language that was chosen, also by live data', async () => {
    const own = await startFleet();
    const { page } = await visit(browser(), own.url);
    own.wireguard.interface().unknown = { en: 'It is broken.', zh: '已损坏。' };
    await own.whilePolling(page.locator('.banner.bad').getByText(/[a-z]/).waitFor());
    await page.locator('.sidebar').getByText('中文').click();
    await own.whilePolling(
      page
        .locator('.banner.bad')
        .getByText(/[一-鿿]/)
        .waitFor(),
    );
  });
});
