import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  accessibilityProblems,
  describeBrowser,
  overflowOf,
  sharedBrowser,
  visit,
} from '../../fixtures/browser.ts';
import { shared } from '../../fixtures/shared.ts';
import { startFleet } from '../../rest/support.ts';

const PAGES = [
  ...(['/', '/users', '/users/1', '/events', '/audit'] as const),
  ...['interfaces', 'tokens', 'logins', 'webhooks', 'retention', 'backup', 'about'].map(
    (part) => `/settings/${part}`,
  ),
];

const LOOKS = (['en', 'zh'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((theme) => ({ language, theme })),
);

async function shown(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
}

describeBrowser('each page of the dashboard', () => {
  const browser = sharedBrowser();
  const app = shared(() => startFleet());

  it.each(LOOKS)('has nothing that axe finds, in $language and $theme', async (look) => {
    const { page } = await visit(browser(), app().url, look);
    const found: Record<string, string[]> = {};
    for (const path of PAGES) {
      await page.goto(`${app().url}${path}`);
      await shown(page);
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[path] = problems;
    }
    expect(found).toEqual({});
  });

  it.each([360, 3840])('is not wider than a window of %i pixels', async (width) => {
    const { page } = await visit(browser(), app().url, { width });
    const found: Record<string, number> = {};
    for (const path of PAGES) {
      await page.goto(`${app().url}${path}`);
      await shown(page);
      const overflow = await overflowOf(page);
      if (overflow > 0) found[path] = overflow;
    }
    expect(found).toEqual({});
  });

  it('is reached and used with the keyboard alone', async () => {
    const { page } = await visit(browser(), app().url);
    await page.getByText('Online now').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      'Skip to the content',
    );
    await page.getByRole('link', { name: 'Users' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.getByRole('button', { name: 'Actions for User_1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Edit' }).waitFor({ state: 'hidden' });
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(focused).toBe('Actions for User_1');
  });

  it('loads at most 130 kB, from this server alone', async () => {
    const { page } = await visit(browser(), 'about:blank');
    const loaded = new Map<string, number>();
    const foreign: string[] = [];
    page.on('response', async (response) => {
      const { origin, pathname } = new URL(response.url());
      if (!response.url().startsWith('data:') && origin !== app().url) foreign.push(response.url());
      if (pathname === '/' || pathname.startsWith('/assets/')) {
        const { responseBodySize } = await response.request().sizes();
        loaded.set(pathname, responseBodySize);
      }
    });
    await page.goto(app().url);
    await page.getByText('Live events').waitFor();
    await page.locator('.uplot').first().waitFor();
    await page.waitForLoadState('load');
    expect(foreign).toEqual([]);
    expect(loaded.size).toBeGreaterThan(3);
    const sum = [...loaded.values()].reduce((total, size) => total + size, 0);
    expect(sum).toBeLessThanOrEqual(130_000);
  });
});
