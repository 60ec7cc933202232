import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { polls, startWithUser } from '../../fixtures/enforcement-app.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';
import type { TestApp } from '../../fixtures/test-app.ts';
import { startFleet } from '../../rest/support.ts';

const userOf = async (app: TestApp, id: string) =>
  (await app.graphql(`{ user(by: { id: "${id}" }) { nickname enabled dataLimit bandwidthLimit } }`))
    .data.user;

const change = async (app: TestApp, id: string, input: string) => {
  const answer = await app.graphql(
    `mutation { updateUser(id: "${id}", input: { ${input} }) { user { id } } }`,
  );
  expect(answer.errors).toBeUndefined();
};

async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
}

/** From now on the server refuses this mutation, with this sentence. */
async function refuse(page: Page, mutation: string, message: string): Promise<void> {
  await page.route('**/graphql', async (route: Route) => {
    if (!(route.request().postData() ?? '').includes(`mutation ${mutation}`)) {
      return route.fallback();
    }
    await route.fulfill({
      json: { data: null, errors: [{ message, extensions: { code: 'UNAVAILABLE' } }] },
    });
  });
}

describeBrowser('an action on users', () => {
  const browser = sharedBrowser();

  it('saves only what was edited, even if the page has read other values meanwhile', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users/1`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Bandwidth limit').fill('10');
    const title = page.locator('h1');
    await change(app, '1', 'nickname: "Renamed", dataLimit: 7');
    await expect.poll(() => title.textContent(), { timeout: 15_000 }).toContain('Renamed');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await userOf(app, '1')).toMatchObject({
      nickname: 'Renamed',
      dataLimit: 7,
      bandwidthLimit: 1_221,
    });
  });

  it('that shows a key once does not lose it to the Escape key', async () => {
    const app = await startFleet({
      prepare: (wireguard) => {
        wireguard.interface().publicKey = newPublicKey();
      },
    });
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('button', { name: 'Add user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ann');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await app.whilePolling(dialog.getByRole('button', { name: 'Done' }).waitFor());
    for (let times = 0; times < 4; times += 1) await page.keyboard.press('Escape');
    // As the browser does where a page cannot stop the key.
    await page.locator('dialog').evaluate((shown) => (shown as HTMLDialogElement).close());
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Add user' }).click();
    await dialog.getByLabel('Name').waitFor();
  });

  it('puts back a peer without an undo that would disable its user', async () => {
    const { app, wg0, publicKey } = await startWithUser();
    wg0.peers.delete(publicKey);
    await polls(app);
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByText('removed elsewhere').waitFor();
    await page.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('button', { name: 'Put back' }).click();
    await app.whilePolling(page.getByText(/was put back/).waitFor());
    expect(wg0.peers.has(publicKey)).toBe(true);
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('on many is undone only for those whom it changed', async () => {
    const app = await startFleet();
    await change(app, '2', 'enabled: false');
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('checkbox', { name: /Select all/ }).check();
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByText('2 users are disabled.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await userOf(app, '1')).enabled).toBe(true);
    expect((await userOf(app, '2')).enabled).toBe(false);
  });

  it('says why it could not be undone', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await openMenu(page, 'User_2');
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByText('User_2 is disabled.').waitFor();
    await refuse(page, 'SetUserEnabled', 'WireGuard does not answer.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('WireGuard does not answer.').waitFor();
  });

  it('that was confirmed and refused leaves its dialog open with the reason', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await refuse(page, 'ResetTraffic', 'The disk is full.');
    await openMenu(page, 'User_1');
    await page.getByRole('button', { name: 'Reset totals' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Reset totals' }).click();
    await dialog.getByText('The disk is full.').waitFor();
  });
});
