import type { Prisma } from '../../generated/prisma/client.ts';
import type { Snapshot, Snapshots } from '../database/snapshots.ts';

/** Rows read between two turns of the event loop: a few milliseconds of work. */
export const ROWS_A_SLICE = 200;

/** A list of any length as it is at one instant. Each row is read when it is requested. */
export interface WholeList<T> {
  readonly totalCount: number;
  readonly slices: IterableIterator<readonly T[]>;
  /** Must always be called: until then the list keeps its snapshot open. */
  close(): void;
}

type Cells = ReturnType<Snapshot['rows']> extends IterableIterator<infer Row> ? Row : never;

export interface WholeListOptions<T> {
  readonly count: (snapshot: Snapshot) => Promise<number>;
  /** The statement that reads it. */
  readonly rows: Prisma.Sql;
  /** null: the row does not belong to the list. */
  readonly rowOf: (cells: Cells) => T | null;
}

export async function wholeList<T>(
  snapshots: Snapshots,
  { count, rows, rowOf }: WholeListOptions<T>,
): Promise<WholeList<T>> {
  const snapshot = snapshots.open();
  try {
    const totalCount = await count(snapshot);
    return {
      totalCount,
      slices: slicesOf(snapshot.rows(rows), rowOf),
      close: snapshot.close,
    };
  } catch (error) {
    snapshot.close();
    throw error;
  }
}

function* slicesOf<T>(
  rows: Iterable<Cells>,
  rowOf: WholeListOptions<T>['rowOf'],
): Generator<readonly T[], void, void> {
  let slice: T[] = [];
  let read = 0;
  for (const cells of rows) {
    const row = rowOf(cells);
    if (row !== null) slice.push(row);
    if (++read % ROWS_A_SLICE > 0) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
