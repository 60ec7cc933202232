import { useCallback, useState } from 'react';
import { EventPageDocument } from '../../api/generated/pages/graphql.ts';
import { readOnce } from '../../api/read.ts';
import { eventGroups } from '../../events/event-groups.ts';
import { EventBody } from '../../events/event-line.tsx';
import { eventName } from '../../events/event-text.ts';
import { ExportMenu } from '../../export/export-menu.tsx';
import { Choices } from '../../lists/choices.tsx';
import { DayList } from '../../lists/day-list.tsx';
import { DayRange } from '../../lists/day-range.tsx';
import { pageOf } from '../../lists/page-of.ts';
import { usePages } from '../../lists/use-pages.ts';
import { UserChoice } from '../../lists/user-choice.tsx';
import { t } from '../../text/i18n.ts';
import { EVENT_HEADER, eventCells } from './event-rows.ts';
import { useEventFilter } from './use-event-filter.ts';
import { useNewEvents } from './use-new-events.ts';

/** The event log: everything that happened to users and interfaces, the newest first. */
export default function Events() {
  const { filter, ...chosen } = useEventFilter();
  const read = useCallback(
    (after: string | null, first: number, signal: AbortSignal) =>
      readOnce(EventPageDocument, { filter, after, first }, signal),
    [filter],
  );
  const [newestId, setNewestId] = useState<string | null>(null);
  const readPage = useCallback(
    async (after: string | null, first: number, signal: AbortSignal) => {
      const answer = await read(after, first, signal);
      if (after === null) setNewestId(answer.status.lastEventId);
      return pageOf(answer.events);
    },
    [read],
  );
  const pages = usePages(readPage);
  const newEvents = useNewEvents(newestId, filter);
  return (
    <>
      <div className="page-head">
        <h1>{t('nav.events')}</h1>
        <div className="actions">
          <ExportMenu
            name="events"
            header={EVENT_HEADER}
            cells={eventCells}
            readPage={async (...page) => pageOf((await read(...page)).events)}
          />
        </div>
      </div>
      <div className="log-filters">
        <Choices
          name={t('filter.types')}
          groups={eventGroups()}
          textOf={eventName}
          chosen={chosen.types}
          onChange={chosen.setTypes}
        />
        <UserChoice userId={chosen.userId} onChange={chosen.setUserId} />
        <DayRange from={chosen.from} to={chosen.to} onFrom={chosen.setFrom} onTo={chosen.setTo} />
        {newEvents === 0 ? null : (
          <button type="button" className="primary" onClick={pages.restart}>
            {t('events.new', { count: newEvents })}
          </button>
        )}
      </div>
      <section className="card">
        <DayList pages={pages} label={t('nav.events')} empty={t('events.noneFound')}>
          {(event) => <EventBody event={event} />}
        </DayList>
      </section>
    </>
  );
}
