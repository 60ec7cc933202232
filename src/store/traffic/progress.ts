/** Reports the progress of work that may take minutes. */
export type Progress = (message: string) => void;

const PARTS = 10;

/** Returns a function that reports each tenth of the work. Short work is done before there is anything to report. */
export function progressOf(progress: Progress, what: string): (done: number, of: number) => void {
  let reported = 0;
  return (done, of) => {
    const part = Math.floor((done / of) * PARTS);
    if (part === reported || done >= of) return;
    reported = part;
    progress(`${what}: ${part * (100 / PARTS)} % done.`);
  };
}
