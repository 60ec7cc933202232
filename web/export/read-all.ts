export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The cursor of the last row; null if nothing follows it. */
  readonly next: string | null;
}

export interface ReadAllOptions<Row> {
  readonly readPage: (after: string | null, first: number) => Promise<Page<Row>>;
  readonly pageSize: number;
  readonly limit: number;
  readonly onProgress: (rows: number) => void;
}

export interface All<Row> {
  readonly rows: readonly Row[];
  /** Whether there are more than the limit. */
  readonly isCut: boolean;
}

/** Reads a list page by page, to its end or to the limit. */
export async function readAll<Row>({
  readPage,
  pageSize,
  limit,
  onProgress,
}: ReadAllOptions<Row>): Promise<All<Row>> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const page: Page<Row> = await readPage(after, Math.min(pageSize, limit - rows.length));
    rows.push(...page.rows);
    onProgress(rows.length);
    after = page.next;
  } while (after !== null && rows.length < limit);
  return { rows, isCut: after !== null };
}
