/** Functions that run in a page of the dashboard; each consists of itself alone. */

/**
 * Follows the link to the users as soon as the first figure is shown, and writes the time since the navigation once
 * that has worked to `wgqlReadyMs`.
 */
export function followFirstLink() {
  const look = () => {
    if (location.pathname === '/users') {
      globalThis.wgqlReadyMs = performance.now();
      return;
    }
    // The names of the figures are there before their values.
    const figure = document.querySelector('.figures dd')?.textContent ?? '';
    if (/\d/.test(figure)) document.querySelector('.sidebar a[href="/users"]')?.click();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Writes the time from the navigation to the first rows of the table of users to `wgqlReadyMs`. */
export function awaitRows() {
  const look = () => {
    if (document.querySelector('.user-row .name a') === null) requestAnimationFrame(look);
    else globalThis.wgqlReadyMs = performance.now();
  };
  requestAnimationFrame(look);
}

/** Scrolls down evenly and returns how long each frame took, in milliseconds. */
export function scrollDown({ px, ms }) {
  return new Promise((resolve) => {
    const frames = [];
    let begunAt;
    let lastAt;
    const step = (now) => {
      begunAt ??= now;
      if (lastAt !== undefined) frames.push(now - lastAt);
      lastAt = now;
      scrollTo(0, (px * (now - begunAt)) / ms);
      if (now - begunAt < ms) requestAnimationFrame(step);
      else resolve(frames);
    };
    requestAnimationFrame(step);
  });
}

/** Clicks on the head of a column and returns after how many milliseconds another row is the first one. */
export function sortBy(column) {
  const first = () => document.querySelector('.user-row[aria-rowindex="2"] .name a')?.href;
  const heads = [...document.querySelectorAll('.user-row.head button')];
  const head = heads.find(({ textContent }) => textContent === column);
  const before = first();
  return new Promise((resolve) => {
    const begunAt = performance.now();
    head.click();
    const look = () => {
      const now = first();
      if (now === undefined || now === before) return requestAnimationFrame(look);
      // After the frame that draws it.
      setTimeout(() => resolve(performance.now() - begunAt));
    };
    requestAnimationFrame(look);
  });
}

/** For some time, counts how often rates in the table change, and how many of them at once. */
export function countRates(ms) {
  return new Promise((resolve) => {
    const batches = [];
    const observer = new MutationObserver((mutations) => {
      const cells = new Set(
        mutations.map(({ target }) =>
          (target instanceof Element ? target : target.parentElement)?.closest('.rate'),
        ),
      );
      cells.delete(undefined);
      cells.delete(null);
      if (cells.size > 0) batches.push(cells.size);
    });
    const rows = document.querySelector('.user-rows');
    observer.observe(rows, { subtree: true, childList: true, characterData: true });
    setTimeout(() => {
      observer.disconnect();
      resolve(batches);
    }, ms);
  });
}
