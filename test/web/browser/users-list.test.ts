import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeBrowser, overflowOf, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { type Fleet, startFleet } from '../../rest/support.ts';

const namesIn = (page: Page) => page.locator('.user-row .name a').allTextContents();

/** With so many users that the list has a second page. */
const startMany = (): Promise<Fleet> =>
  startFleet({
    prepare: (wireguard) => {
      for (let peer = 0; peer < 70; peer += 1) wireguard.interface().addPeer();
    },
  });

const update = async (app: Fleet, id: string, input: string) => {
  const answer = await app.graphql(
    `mutation { updateUser(id: "${id}", input: { ${input} }) { user { id } } }`,
  );
  expect(answer.errors).toBeUndefined();
};

const isPageOf = (body: string | null) => (body ?? '').includes('query UserPage');

describeBrowser('the list of users', () => {
  const browser = sharedBrowser();

  it('can be selected as a whole only when it was read as a whole', async () => {
    const app = await startMany();
    const { page } = await visit(browser(), 'about:blank');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/graphql', async (route) => {
      const body = route.request().postData();
      if (isPageOf(body) && JSON.parse(body ?? '').variables.after !== null) await held;
      await route.fallback();
    });
    await page.goto(`${app.url}/users`);
    const all = page.getByRole('checkbox', { name: 'Select all 72 users' });
    await all.waitFor();
    expect(await all.isDisabled()).toBe(true);
    release();
    await all.check();
    await page.getByText('72 selected').waitFor();
  });

  it('forgets the selection when something else is shown', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    await page.getByRole('checkbox', { name: /Select all/ }).check();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Online', exact: true }).click();
    await page.getByText('2 selected').waitFor({ state: 'detached' });
    await expect.poll(() => namesIn(page)).toEqual(['User_1']);
    await page.getByRole('button', { name: 'Online', exact: true }).click();
    await expect.poll(async () => (await namesIn(page)).length).toBe(2);
    expect(await page.getByRole('checkbox', { name: 'Select User_1' }).isChecked()).toBe(false);
  });

  it('reads only the pages in view again after a while', async () => {
    const app = await startMany();
    const { page } = await visit(browser(), 'about:blank');
    await page.clock.install();
    await page.goto(`${app.url}/users`);
    await page.getByRole('checkbox', { name: 'Select all 72 users' }).isEnabled();
    await page.locator('.user-row .name a').first().waitFor();
    await page.waitForLoadState('networkidle');
    const read: unknown[] = [];
    page.on('request', (request) => {
      const body = request.postData();
      if (isPageOf(body)) read.push(JSON.parse(body ?? '').variables.after);
    });
    await update(app, '1', 'dataLimit: 2048');
    const row = page.getByRole('row').filter({ hasText: 'User_1' }).first();
    await page.clock.runFor(31_000);
    await row.getByText('of 2 GB').waitFor();
    expect(read).toEqual([null]);
  });

  it('shows who belongs to it after a while, without a reload', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), 'about:blank');
    await page.clock.install();
    await page.goto(`${app.url}/users?show=disabled`);
    await page.getByText('No user matches.').waitFor();
    await update(app, '2', 'enabled: false');
    await page.clock.runFor(31_000);
    await expect.poll(() => namesIn(page)).toEqual(['User_2']);
  });

  it.each([360, 900, 1024, 1280, 1366, 1440, 3840])('fits a window of %i px', async (width) => {
    const app = await startFleet();
    await update(
      app,
      '1',
      'nickname: "A name that has many letters", dataLimit: 9, enabled: false',
    );
    const all = 'rate,today,total,quota,lastSeen,expires,bandwidth,owner,tags,interface,endpoint';
    const { page } = await visit(browser(), `${app.url}/users`, { width });
    for (const query of ['', `?columns=${all}`]) {
      await page.goto(`${app.url}/users${query}`);
      const row = page.getByRole('row').filter({ hasText: 'A name that' });
      const name = row.getByRole('link');
      await name.waitFor();
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await name.evaluate(({ clientWidth }) => clientWidth)).toBeGreaterThan(120);
      const actions = await row.getByRole('button', { name: /^Actions for/ }).boundingBox();
      expect((actions?.x ?? width) + (actions?.width ?? 0)).toBeLessThanOrEqual(width);
    }
  });
});
