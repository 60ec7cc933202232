import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';
import type { TestApp } from '../../fixtures/test-app.ts';
import { startFleet } from '../../rest/support.ts';

const namesIn = (page: Page) => page.locator('.user-row .name a').allTextContents();

const userOf = async (app: TestApp, id: string) =>
  (
    await app.graphql(
      `{ user(by: { id: "${id}" }) { nickname enabled dataLimit bandwidthLimit tags owner quota { period } } }`,
    )
  ).data.user;

async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
}

describeBrowser('the users of the dashboard', () => {
  const browser = sharedBrowser();

  it('are searched, filtered and sorted, all of which is in the address', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('link', { name: 'User_2' }).waitFor();
    await page.getByRole('button', { name: 'Name' }).click();
    await page.waitForURL(/sort=-NICKNAME/);
    await expect.poll(() => namesIn(page)).toEqual(['User_2', 'User_1']);
    await page.getByRole('button', { name: 'Online', exact: true }).click();
    await expect.poll(() => namesIn(page)).toEqual(['User_1']);
    await page.getByText('1 user', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Online', exact: true }).click();
    await page.getByRole('searchbox').fill('ser_2');
    await expect.poll(() => namesIn(page)).toEqual(['User_2']);
    await page.reload();
    await expect.poll(() => namesIn(page)).toEqual(['User_2']);
  });

  it('get a configuration that is shown once, with a code, a file and a link', async () => {
    const app = await startFleet({
      prepare: (wireguard) => {
        wireguard.interface().publicKey = newPublicKey();
      },
    });
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('button', { name: 'Add user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ann phone');
    await dialog.getByLabel('Data limit').fill('50');
    await dialog.getByText('= 51,200 MB = 53,687,091,200 bytes').waitFor();
    await dialog.getByRole('button', { name: 'Create' }).click();
    const code = dialog.getByRole('img', { name: 'QR code for the WireGuard app' });
    await app.whilePolling(code.waitFor());
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save the file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Ann-phone.conf');
    await dialog.getByText('Show the configuration').click();
    expect(await dialog.locator('pre').textContent()).toContain('PrivateKey = ');
    // Not by accident: it cannot be shown again.
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'Ann phone' }).waitFor();
  });

  it('are edited in the units that people use, and brought back', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await openMenu(page, 'User_1');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Bandwidth limit').fill('10');
    await dialog.getByText('= 1,221 KB/s').waitFor();
    await dialog.getByLabel('Data limit').fill('2');
    await dialog.getByLabel('Starts again').selectOption('every month');
    await dialog.getByLabel('Tags').fill('staff, site');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('User_1 was changed.').waitFor();
    expect(await userOf(app, '1')).toMatchObject({
      bandwidthLimit: 1_221,
      dataLimit: 2_048,
      tags: ['staff', 'site'],
      quota: { period: 'MONTH' },
    });
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(() => userOf(app, '1'))
      .toMatchObject({ bandwidthLimit: 0, dataLimit: 0, tags: [], quota: { period: 'NONE' } });
  });

  it('are told what is wrong with a field, beside it', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('button', { name: 'Add user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Existing key').click();
    await dialog.getByLabel('Public key').fill('short');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.locator('.problem').first().waitFor();
    expect(await dialog.getByLabel('Public key').getAttribute('aria-invalid')).toBe('true');
  });

  it('are told what is wrong with what the form does not show', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.route('**/graphql', async (route) => {
      if (!(route.request().postData() ?? '').includes('mutation UpdateUser(')) {
        return route.fallback();
      }
      const fields = [
        { field: 'input.nickname', message: 'Too long.' },
        { field: 'input.allowedIps', message: 'Taken by User_2.' },
      ];
      await route.fulfill({
        json: { data: null, errors: [{ message: 'Bad.', extensions: { fields } }] },
      });
    });
    await openMenu(page, 'User_1');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('x');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Too long.', { exact: true }).waitFor();
    expect(await dialog.getByRole('alert').textContent()).toBe('allowedIps: Taken by User_2.');
  });

  it('are almost at the end of a quota before they are at its end, and when is shown', async () => {
    const app = await startFleet();
    await app.graphql(
      'mutation { updateUser(id: "1", input: { dataLimit: 2048 }) { user { id } } }',
    );
    app.wireguard.interface().shakeHands(app.online);
    app.online.rxBytes += 2_039n * 1_048_576n;
    await app.polled();
    const { page } = await visit(browser(), `${app.url}/users`);
    const row = page.getByRole('row').filter({ hasText: 'User_1' });
    await row.getByText('99% of 2 GB').waitFor();
    await row.getByText(/^empty /).waitFor();
  });

  it('are disabled with one click and enabled again with another', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await openMenu(page, 'User_2');
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByText('User_2 is disabled.').waitFor();
    expect((await userOf(app, '2')).enabled).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await userOf(app, '2')).enabled).toBe(true);
  });

  it('are deleted only after their name was typed', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await openMenu(page, 'User_2');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Delete' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('User_2');
    await remove.click();
    await app.whilePolling(page.getByText('User_2 was deleted.').waitFor());
    await page.getByRole('link', { name: 'User_2' }).waitFor({ state: 'detached' });
  });

  it('are changed many at once', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Set limits' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Bandwidth' }).click();
    await dialog.getByLabel('Bandwidth limit').fill('100');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 users were changed.').waitFor();
    expect((await userOf(app, '1')).bandwidthLimit).toBe(12_207);
    expect((await userOf(app, '2')).bandwidthLimit).toBe(12_207);
  });
});
