import { expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../../fixtures/browser.ts';
import { startFleet } from '../../rest/support.ts';

describeBrowser('the live dashboard', () => {
  const browser = sharedBrowser();

  it('shows that someone comes online without a reload', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), `${app.url}/users`);
    const row = page.getByRole('row').filter({ hasText: 'User_2' });
    await row.getByRole('img', { name: 'offline' }).waitFor();
    app.clock.advance(10_000);
    app.wireguard.interface().shakeHands(app.offline);
    await app.whilePolling(row.getByRole('img', { name: 'online', exact: true }).waitFor());
    await page.getByText('2 / 2').waitFor();
  });

  it('lists what happens as it happens', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), app.url);
    const feed = page.getByRole('list', { name: 'Live events' });
    await feed.getByRole('link', { name: 'User_1' }).first().waitFor();
    app.clock.advance(10_000);
    app.wireguard.interface().shakeHands(app.offline);
    await app.whilePolling(feed.getByRole('link', { name: 'User_2' }).first().waitFor());
  });

  it('catches up after a lost connection with nothing missing and nothing twice', async () => {
    const app = await startFleet();
    const { page, context } = await visit(browser(), app.url);
    const feed = page.getByRole('list', { name: 'Live events' });
    await feed.getByRole('link', { name: 'User_1' }).first().waitFor();
    await context.setOffline(true);
    await page.getByText('This device is offline').waitFor();
    app.clock.advance(60_000);
    for (let turn = 0; turn < 20; turn += 1) {
      await app.graphql(
        `mutation { setUserEnabled(id: "2", enabled: ${turn % 2 === 1}) { user { id } } }`,
      );
    }
    await context.setOffline(false);
    await page.getByText('This device is offline').waitFor({ state: 'detached' });
    await feed.getByText('While you were away').waitFor();
    const changes = feed.getByText(/^User (enabled|disabled)$/);
    await expect
      .poll(() => changes.allTextContents())
      .toEqual(
        Array.from({ length: 20 }, (_, turn) =>
          turn % 2 === 0 ? 'User enabled' : 'User disabled',
        ),
      );
  });

  it('goes on after the server was restarted', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), app.url);
    const feed = page.getByRole('list', { name: 'Live events' });
    await feed.getByRole('link', { name: 'User_1' }).first().waitFor();
    await app.restart({ WGQL_PORT: new URL(app.url).port });
    await app.graphql('mutation { setUserEnabled(id: "2", enabled: false) { user { id } } }');
    await feed.getByText('User disabled', { exact: true }).waitFor();
    expect(await feed.getByText('User disabled', { exact: true }).count()).toBe(1);
  });

  it('says that WireGuard cannot be read, and what to do', async () => {
    const app = await startFleet();
    const { page } = await visit(browser(), app.url);
    await page.getByText('Online now').waitFor();
    app.wireguard.interface().exists = false;
    await app.whilePolling(page.getByText('Interface down').first().waitFor());
  });
});
