import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBrowser, sharedBrowser, visit } from '../fixtures/browser.ts';
import { type MonitoredNetwork, startMonitoredNetwork } from '../fixtures/monitored-network.ts';
import { describeTunnel, sendBytes } from '../fixtures/tunnel.ts';

const KB = 1024;
const POLL_MS = 1_000;

describeTunnel('the dashboard on a real interface', () => {
  describeBrowser('in a real browser', () => {
    const browser = sharedBrowser();
    let given: MonitoredNetwork<'alice' | 'bob'>;
    let url: string;

    beforeAll(async () => {
      given = await startMonitoredNetwork(['alice', 'bob'], {
        pollIntervalMs: POLL_MS,
        pings: 'never',
      });
      url = await given.monitor.publish();
    });

    afterAll(() => given?.close());

    const rowOf = async (page: Page, name: 'alice' | 'bob') => {
      const { nickname } = await given.userOf(given.clients[name], 'nickname');
      return page.getByRole('row').filter({ hasText: nickname });
    };

    it('shows within a poll, without a reload, that someone comes online', async () => {
      const { page } = await visit(browser(), `${url}/users`);
      const row = await rowOf(page, 'alice');
      await row.getByRole('img', { name: 'offline' }).waitFor();
      await given.clients.alice.host.ping('10.8.0.1', { count: 2 });
      // The poll that reads the handshake has written it and published it when the next one is written.
      await given.monitor.polled();
      await given.monitor.polled();
      await row.getByRole('img', { name: 'online', exact: true }).waitFor({ timeout: POLL_MS });
    });

    it('sets a bandwidth that holds on the tunnel', async () => {
      const { page } = await visit(browser(), `${url}/users`);
      const { nickname } = await given.userOf(given.clients.alice, 'nickname');
      await page.getByRole('button', { name: `Actions for ${nickname}` }).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Bandwidth limit').fill('3.2768');
      await dialog.getByText('= 400 KB/s').waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText(`${nickname} was changed.`).waitFor();
      await given.monitor.polled();
      const { receivedBytes, seconds } = await sendBytes(
        given.clients.alice.host,
        given.server.host,
        { address: '10.8.0.1', seconds: 10, warmUpSeconds: 2 },
      );
      const share = receivedBytes / seconds / (400 * KB);
      expect(share).toBeGreaterThan(0.75);
      expect(share).toBeLessThan(1.25);
    });

    it('takes a user off the tunnel and puts it back with Undo', async () => {
      const { page } = await visit(browser(), `${url}/users`);
      const { nickname } = await given.userOf(given.clients.alice, 'nickname');
      const peers = async () =>
        (await given.server.host.exec(['wg', 'show', given.server.name, 'peers'])).stdout;
      const { publicKey } = given.clients.alice;
      await page.getByRole('button', { name: `Actions for ${nickname}` }).click();
      await page.getByRole('button', { name: 'Disable', exact: true }).click();
      await page.getByText(`${nickname} is disabled.`).waitFor();
      await expect.poll(peers).not.toContain(publicKey);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(peers).toContain(publicKey);
    });
  });
});
