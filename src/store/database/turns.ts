/**
 * Schedules the only connection. One transaction is open at a time; statements outside transactions run while
 * none is open. After each transaction the waiting statements run before the next one begins: however many
 * transactions are queued, a statement waits for only one of them.
 */
export interface Turns {
  /** Runs a statement while no transaction is open. */
  statement<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when a transaction may begin, with the function to call when it has ended. */
  transaction(): Promise<() => void>;
}

export function turns(): Turns {
  let isOpen = false;
  let running = 0;
  const statements: (() => void)[] = [];
  const transactions: (() => void)[] = [];

  const beginNext = () => {
    if (isOpen || running > 0) return;
    const begin = transactions.shift();
    if (begin === undefined) return;
    isOpen = true;
    begin();
  };
  const end = () => {
    isOpen = false;
    const waiting = statements.splice(0);
    running += waiting.length;
    for (const run of waiting) run();
    beginNext();
  };

  return {
    statement: async (work) => {
      if (isOpen || transactions.length > 0) {
        await new Promise<void>((run) => statements.push(run));
      } else running++;
      try {
        return await work();
      } finally {
        running--;
        beginNext();
      }
    },
    transaction: async () => {
      if (isOpen || running > 0 || transactions.length > 0) {
        await new Promise<void>((begin) => transactions.push(begin));
      } else isOpen = true;
      let hasEnded = false;
      return () => {
        if (hasEnded) return;
        hasEnded = true;
        end();
      };
    },
  };
}
