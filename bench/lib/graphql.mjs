import { median } from './report.mjs';

const HEADERS = { 'content-type': 'application/json' };

/** A GraphQL request for the load generator. */
export const post = (url, query) => ({
  url: `${url}/graphql`,
  method: 'POST',
  body: JSON.stringify({ query }),
  headers: HEADERS,
});

/** How long an answer takes, in milliseconds: the median of some, after one that does not count. */
export async function timeOf({ url, ...request }, times = 9) {
  const measured = [];
  for (let number = 0; number <= times; number++) {
    const begunAt = performance.now();
    const response = await fetch(url, request);
    const text = await response.text();
    if (!response.ok || text.includes('"errors"')) throw new Error(text.slice(0, 500));
    if (number > 0) measured.push(performance.now() - begunAt);
  }
  return median(measured);
}
