/** How far the clock of the server is ahead of that of the browser, in milliseconds. */
let aheadMs = 0;

export function setServerTime(time: string): void {
  aheadMs = new Date(time).getTime() - Date.now();
}

/** Milliseconds since 1970 by the clock of the server. */
export const serverNow = (): number => Date.now() + aheadMs;
