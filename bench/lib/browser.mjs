import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

/** Where Debian and Ubuntu install it. */
const CHROMIUM = process.env.WGQL_TEST_CHROMIUM ?? '/usr/bin/chromium';

/** A browser that keeps drawing its pages although none has a window. */
export const openBrowser = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    // As root its sandbox does not work; it opens only pages of the program.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-renderer-backgrounding'],
  });

/** Between two requests of a list that is read page after page, less time than this passes. */
const QUIET_MS = 1_500;

/** A page of a browser that was never here before. `prepare` runs in the page before its own scripts. */
export async function firstVisit(browser, url, prepare) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  if (prepare !== undefined) await page.addInitScript(prepare);
  let open = 0;
  let changedAt = performance.now();
  const count = (by) => () => {
    open += by;
    changedAt = performance.now();
  };
  page.on('request', count(1)).on('requestfinished', count(-1)).on('requestfailed', count(-1));
  await page.goto(url);
  return {
    page,
    /** Waits until the page has read all that it reads at once. */
    settled: async () => {
      while (open > 0 || performance.now() - changedAt < QUIET_MS) await sleep(50);
    },
    close: () => context.close(),
  };
}

/** Returns a function that reads how many megabytes of objects the page still needs. */
export async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  return async () => {
    // What the first collection finalizes is freed by the second.
    for (let pass = 0; pass < 2; pass++) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize / 2 ** 20;
  };
}
