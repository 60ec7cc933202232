import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import type { TestApp } from '../../fixtures/test-app.ts';
import { startFleet } from '../../rest/support.ts';

const change = async (app: TestApp, id: string, input: string) => {
  const answer = await app.graphql(
    `mutation { updateUser(id: "${id}", input: { ${input} }) { user { id } } }`,
  );
  expect(answer.errors).toBeUndefined();
};

const usersOf = async (app: TestApp) =>
  (
    await app.graphql(
      '{ users { edges { node { nickname tags dataLimit bandwidthLimit quota { period } } } } }',
    )
  ).data.users.edges.map(({ node }: { node: unknown }) => node);

async function selectAll(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'Select all 2 users' }).check();
  await page.getByText('2 selected').waitFor();
}

async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.locator('.selection-bar .menu').getByRole('button', { name: action }).click();
}

describeBrowser('a change of many users', () => {
  const browser = sharedBrowser();

  it('sets what was written, and brings back what each had', async () => {
    const app = await startFleet();
    await change(app, '1', 'dataLimit: 7, quotaPeriod: DAY');
    const before = await usersOf(app);
    const { page } = await visit(browser(), `${app.url}/users`);
    await selectAll(page);
    await page.getByRole('button', { name: 'Set limits' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Data limit').fill('3');
    expect(
      await dialog.getByRole('button', { name: 'Data', exact: true }).getAttribute('aria-pressed'),
    ).toBe('true');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 users were changed.').waitFor();
    expect(await usersOf(app)).toMatchObject([{ dataLimit: 3_072 }, { dataLimit: 3_072 }]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => usersOf(app), { timeout: 10_000 }).toEqual(before);
  });

  it('lists with whom it failed, and why', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.route('**/graphql', async (route) => {
      const { query, variables } = JSON.parse(route.request().postData() ?? '{}');
      if (!query?.includes('mutation KickUser') || variables.id !== '2') return route.fallback();
      await route.fulfill({ json: { data: null, errors: [{ message: 'The peer is busy.' }] } });
    });
    await selectAll(page);
    await choose(page, 'Disconnect');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Disconnect' }).click();
    await dialog.getByText('1 user was changed; 1 could not be changed.').waitFor();
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
      'User_2 The peer is busy.',
    ]);
  });

  it('adds tags to those that each has', async () => {
    const app = await startFleet();
    await change(app, '1', 'tags: ["staff"]');
    const { page } = await visit(browser(), `${app.url}/users`);
    await selectAll(page);
    await choose(page, 'Add tags');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tags').fill('north, staff');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 users were changed.').waitFor();
    const tagsOf = async () =>
      (await usersOf(app)).map(({ tags }: { tags: string[] }) => [...tags].sort());
    expect(await tagsOf()).toEqual([
      ['north', 'staff'],
      ['north', 'staff'],
    ]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(tagsOf).toEqual([['staff'], []]);
  });

  it('deletes them only after their number was typed', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await selectAll(page);
    await choose(page, 'Delete');
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Delete' });
    await dialog.getByRole('textbox').fill('1');
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('2');
    await remove.click();
    await app.whilePolling(page.getByText('2 users were deleted.').waitFor());
    expect(await usersOf(app)).toEqual([]);
  });

  it('is possible on a phone, where the list has an order too', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`, { width: 390 });
    await page.getByLabel('Order').selectOption('Name, descending');
    await page.waitForURL(/sort=-NICKNAME/);
    await expect
      .poll(() => page.locator('.user-row .name a').allTextContents())
      .toEqual(['User_2', 'User_1']);
    await selectAll(page);
  });
});
