import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import type { TestApp } from '../../fixtures/test-app.ts';
import { startFleet } from '../../rest/support.ts';

const isEnabled = async (app: TestApp, id: string): Promise<boolean> =>
  (await app.graphql(`{ user(by: { id: "${id}" }) { enabled } }`)).data.user.enabled;

async function disable(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await page.getByText(`${name} is disabled.`).waitFor();
}

/** Whether a click in the middle of it would reach it. */
const isOnTop = (what: Locator): Promise<boolean> =>
  what.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });

describeBrowser('an undo', () => {
  const browser = sharedBrowser();

  it('is run by the keyboard from wherever no text is written', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await disable(page, 'User_2');
    await page.getByRole('button', { name: 'Undo Ctrl+Z' }).waitFor();
    await page.getByRole('searchbox').press('Control+z');
    expect(await isEnabled(app, '2')).toBe(false);
    await page.getByRole('checkbox', { name: 'Select User_1' }).press('Control+z');
    await expect.poll(() => isEnabled(app, '2')).toBe(true);
  });

  it('does not disappear while somebody reaches for it', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), 'about:blank');
    await page.clock.install();
    await page.goto(`${app.url}/users`);
    await disable(page, 'User_2');
    const button = page.getByRole('button', { name: 'Undo' });
    await button.focus();
    await page.clock.runFor(30_000);
    expect(await button.count()).toBe(1);
    await button.blur();
    await page.clock.runFor(10_000);
    expect(await button.count()).toBe(0);
  });

  it('that was clicked does not hold what is reported after it', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), 'about:blank');
    await page.clock.install();
    await page.goto(`${app.url}/users`);
    await disable(page, 'User_2');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => isEnabled(app, '2')).toBe(true);
    await page.mouse.move(0, 0);
    await disable(page, 'User_1');
    await page.clock.runFor(10_000);
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it.each([390, 1280])('covers no action on the selected in a window of %i px', async (width) => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`, { width });
    await page.getByRole('checkbox', { name: 'Select User_1' }).check();
    const bar = page.getByRole('region', { name: 'Selected users' });
    await bar.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('1 user is disabled.').waitFor();
    for (const button of await bar.getByRole('button').all()) {
      expect(await isOnTop(button)).toBe(true);
    }
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => isEnabled(app, '1')).toBe(true);
  });

  it('is shown above a dialog, and can be run when it is closed', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), 'about:blank');
    await page.clock.install();
    await page.goto(`${app.url}/users`);
    await disable(page, 'User_2');
    await page.getByRole('button', { name: 'Add user' }).click();
    await page.getByRole('dialog').waitFor();
    await page.clock.runFor(30_000);
    await page.getByText('User_2 is disabled.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => isEnabled(app, '2')).toBe(true);
  });
});
