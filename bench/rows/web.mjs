import { setTimeout as sleep } from 'node:timers/promises';
import { firstVisit, heapOf, openBrowser } from '../lib/browser.mjs';
import { child } from '../lib/child.mjs';
import { awaitRows, countRates, followFirstLink, scrollDown, sortBy } from '../lib/in-page.mjs';
import { median, ms } from '../lib/report.mjs';

const USERS = 10_000;
const MOVING = 2_000;
const SETTLE_MS = 10_000;
const VISITS = 7;
/** The server still answers the visitor before. */
const BETWEEN_VISITS_MS = 3_000;
const SCROLL = { px: 20_000, ms: 5_000 };
/** Each click makes another user the first one. */
const HEADS = ['Name', 'Total', 'Total', 'Name', 'Today'];
const CLICKS = 10;
const RATES_MS = 20_000;
const MINUTE_MS = 60_000;

export const web = {
  title: `The dashboard with ${USERS} users`,
  notes: `In Chromium without a window, on the two cores that also run the server, with ${MOVING} users moving each second.
A visit begins with an empty cache; it is interactive when the first figure is shown and a click on a link has worked. The
table is scrolled and sorted while it is updated. A heap is measured after a garbage collection, by default after ten
minutes; \`npm run bench -- web --minutes=60\` watches it for an hour. In 24 minutes, the overview grew by 0.9 MB in the
first ten and by 0.3 MB in the rest. Before, a visit was interactive after 1.6 s, the
worst frames came at 12 fps and an order took 324 ms: each number in a row was written with a format of its own, all rows
were rendered at each scroll, each had a menu that was not shown, and the presence of all users was sent before anything
else. Reading the table in pages of 250 users and not of 1 000 took three times as long and was no smoother, and writing
them to the cache of the dashboard blocks it for 50 to 120 ms a page at most.`,
  measure: async ({ built, add, minutes }) => {
    const program = child(built);
    const { url } = await program.ask({ peers: USERS, moving: MOVING });
    await sleep(SETTLE_MS);
    const browser = await openBrowser();
    await measureVisits(browser, url, add);
    await measureTable(browser, url, add);
    await measureHeap(browser, url, add, minutes);
    await browser.close();
    await program.stop();
  },
};

async function measureVisits(browser, url, add) {
  for (const [what, path, prepare] of [
    ['a first visit is interactive', '', followFirstLink],
    ['the first rows of a first visit to the table of users are shown', '/users', awaitRows],
  ]) {
    const times = [];
    for (let visit = 0; visit < VISITS; visit++) {
      const { page, close } = await firstVisit(browser, `${url}${path}`, prepare);
      const ready = await page.waitForFunction(() => globalThis.wgqlReadyMs);
      times.push(await ready.jsonValue());
      await close();
      await sleep(BETWEEN_VISITS_MS);
    }
    add({ what: `${what} after`, ours: ms(median(times)), wanted: '1000 ms' });
  }
}

async function measureTable(browser, url, add) {
  const { page, settled, close } = await firstVisit(browser, `${url}/users`);
  await settled();
  const frames = (await page.evaluate(scrollDown, SCROLL)).toSorted((a, b) => a - b);
  const slow = frames.slice(Math.floor(frames.length * 0.95));
  const perSecond = (frameMs) => `${Math.round(1000 / frameMs)} fps`;
  add({
    what: `the table of users, scrolled by ${SCROLL.px} px: median, and the worst 5 % of frames`,
    ours: `${perSecond(median(frames))}, ${perSecond(median(slow))}`,
    wanted: '50 fps',
  });

  await page.evaluate(() => scrollTo(0, 0));
  const sorts = [];
  for (let click = 0; click < CLICKS; click++) {
    sorts.push(await page.evaluate(sortBy, HEADS[click % HEADS.length]));
    await settled();
  }
  add({
    what: 'from the click on the head of a column to the first rows of the new order',
    ours: ms(median(sorts)),
    wanted: '200 ms',
  });

  const batches = await page.evaluate(countRates, RATES_MS);
  const each = batches.length === 0 ? 0 : median(batches);
  add({
    what: 'renders by live traffic, and how many rates of those in view change in each',
    ours: `${((batches.length * 1000) / RATES_MS).toFixed(1)} a second, ${each}`,
    wanted: 'at most 4 a second',
  });
  await close();
}

async function measureHeap(browser, url, add, minutes) {
  const opened = [];
  for (const [name, path] of [
    ['the overview', ''],
    ['the table of users', '/users'],
  ]) {
    const { page, close } = await firstVisit(browser, `${url}${path}`);
    opened.push({ name, close, read: await heapOf(page), sizes: [] });
  }
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(MINUTE_MS);
    for (const { read, sizes } of opened) sizes.push(await read());
  }
  for (const { name, close, sizes } of opened) {
    const shown = (size) => `${size.toFixed(1)} MB`;
    add({
      what: `JavaScript heap of ${name} after a minute, and after ${minutes}`,
      ours: `${shown(sizes[0])}, ${shown(sizes.at(-1))}`,
      wanted: 'as much',
    });
    console.log(`  minute by minute: ${sizes.map((size) => size.toFixed(1)).join(' ')}`);
    await close();
  }
}
