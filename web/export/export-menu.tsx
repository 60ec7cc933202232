import { useEffect, useRef, useState } from 'react';
import { serverNow } from '../api/server-clock.ts';
import { t } from '../text/i18n.ts';
import { count } from '../text/numbers.ts';
import { dayKey } from '../text/times.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { problemOf } from '../ui/states.tsx';
import { toast } from '../ui/toasts.tsx';
import { csvOf } from './csv.ts';
import { download } from './download.ts';
import { type Page, readAll } from './read-all.ts';

const PAGE_SIZE = 1_000;
const LIMIT = 100_000;

export interface ExportMenuProps<Row> {
  /** The beginning of the name of the file. */
  readonly name: string;
  readonly readPage: (
    after: string | null,
    first: number,
    signal: AbortSignal,
  ) => Promise<Page<Row>>;
  readonly header: readonly string[];
  readonly cells: (row: Row) => readonly (string | null)[];
}

/** Writes what a list selects to a file, not only what has been scrolled to. */
export function ExportMenu<Row>({ name, readPage, header, cells }: ExportMenuProps<Row>) {
  const [rowsRead, setRowsRead] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const save = async (format: 'csv' | 'json') => {
    const abort = new AbortController();
    running.current = abort;
    setRowsRead(0);
    try {
      const { rows, isCut } = await readAll<Row>({
        readPage: (after, first) => readPage(after, first, abort.signal),
        pageSize: PAGE_SIZE,
        limit: LIMIT,
        onProgress: setRowsRead,
      });
      const file = `${name}-${dayKey(serverNow())}.${format}`;
      if (format === 'csv') download(file, 'text/csv', csvOf(header, rows.map(cells)));
      else download(file, 'application/json', JSON.stringify(rows, null, 1));
      toast({
        text: isCut
          ? t('export.cut', { limit: count(LIMIT) })
          : t('export.done', { count: rows.length }),
      });
    } catch (error) {
      if (!abort.signal.aborted) toast({ text: problemOf(error) });
    } finally {
      running.current = null;
      setRowsRead(null);
    }
  };

  if (rowsRead !== null) {
    return (
      <button type="button" onClick={() => running.current?.abort()}>
        <Icon name="close" />
        {t('export.running', { rows: count(rowsRead) })}
      </button>
    );
  }
  return (
    <Menu
      button={
        <>
          <Icon name="download" />
          {t('export.button')}
        </>
      }
    >
      <button type="button" onClick={() => void save('csv')}>
        {t('export.csv')}
      </button>
      <button type="button" onClick={() => void save('json')}>
        {t('export.json')}
      </button>
      <p className="menu-note">{t('export.limit', { limit: count(LIMIT) })}</p>
    </Menu>
  );
}
