import type { Text } from '../../domain/errors.ts';

/** Reports the progress of work that may take minutes. */
export type Progress = (message: Text) => void;

const PARTS = 10;

/** Returns a function that reports each tenth of the work. Short work is done before there is anything to report. */
export function progressOf(progress: Progress, what: Text): (done: number, of: number) => void {
  let reported = 0;
  return (done, of) => {
    const part = Math.floor((done / of) * PARTS);
    if (part === reported || done >= of) return;
    reported = part;
    const share = part * (100 / PARTS);
    progress({ en: `${what.en}: ${share} % done.`, zh: `${what.zh}：已完成 ${share} %。` });
  };
}
