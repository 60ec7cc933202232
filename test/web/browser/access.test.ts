import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { plant } from '../../fixtures/leak-detector.ts';
import { makeStaff, makeToken } from '../../fixtures/tokens.ts';
import { startFleet } from '../../rest/support.ts';

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

describeBrowser('access to the dashboard', () => {
  const browser = sharedBrowser();

  it('needs nothing while no token is required', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), app.url);
    await page.locator('.sidebar').getByText('local · administrator').waitFor();
    expect(await page.getByRole('button', { name: 'Log out' }).count()).toBe(0);
  });

  it('is exchanged for a cookie that scripts cannot read, and the token is kept nowhere', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    const { page, context } = await visit(browser(), `${app.url}/users`);
    await logIn(page, admin.secret);
    await heading(page, 'Users').waitFor();
    const [cookie, ...others] = await context.cookies();
    plant(cookie?.value ?? '');
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    const kept = await page.evaluate(() =>
      JSON.stringify([location.href, document.cookie, { ...localStorage }, { ...sessionStorage }]),
    );
    expect(kept).not.toContain(admin.secret);
    expect(kept).not.toContain(cookie?.value);
    await page.reload();
    await heading(page, 'Users').waitFor();
  });

  it('is refused to a wrong token with a sentence in the language of the page', async () => {
    const app = await startFleet();
    await makeStaff(app);
    const { page } = await visit(browser(), app.url, { language: 'zh' });
    await page.getByLabel('令牌').fill('wgql_wrong');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('令牌无效').waitFor();
  });

  it('ends with a logout, in every window at its next request', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    const { page, context } = await visit(browser(), app.url);
    await logIn(page, admin.secret);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await context.cookies()).toEqual([]);
  });

  it('ends as soon as the token is revoked, without a reload', async () => {
    const app = await startFleet();
    const { admin, operator } = await makeStaff(app);
    const { page } = await visit(browser(), app.url);
    await logIn(page, operator.secret);
    await page.locator('.sidebar').getByText('olga · operator').waitFor();
    const answer = await app.graphql(
      'mutation ($id: ID!) { revokeToken(id: $id) { token { id } } }',
      { id: operator.id },
      admin.headers,
    );
    expect(answer.errors).toBeUndefined();
    await page.getByLabel('Token').waitFor();
  });

  it('shows a viewer no actions and no personal data', async () => {
    const app = await startFleet();
    const { viewer } = await makeStaff(app);
    const { page } = await visit(browser(), `${app.url}/users`);
    await logIn(page, viewer.secret);
    await page.getByRole('link', { name: 'User_1' }).waitFor();
    await page.getByPlaceholder('Name or key').waitFor();
    expect(await page.getByRole('button', { name: 'Add user' }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBeLessThanOrEqual(8);
    expect(await page.getByRole('columnheader', { name: 'Owner' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
  });

  it('of an owner is one page about the own devices', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    await app.graphql(
      'mutation { updateUser(id: "1", input: { owner: "Ann", nickname: "Phone" }) { user { id } } }',
      {},
      admin.headers,
    );
    const own = await makeToken(app, { name: 'ann', role: 'SELF', owner: 'Ann' }, admin.headers);
    const { page } = await visit(browser(), `${app.url}/users/2`);
    await logIn(page, own.secret);
    await heading(page, 'VPN of Ann').waitFor();
    await heading(page, 'Phone').waitFor();
    expect(await page.getByText('User_2').count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);
  });
});
