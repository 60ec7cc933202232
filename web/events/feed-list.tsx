import { Fragment } from 'react';
import { wasAway } from '../live/event-feed.ts';
import { type MessageId, t } from '../text/i18n.ts';
import { Empty, problemOf, Skeleton } from '../ui/states.tsx';
import { EventLine } from './event-line.tsx';
import { useFeed } from './use-feed.ts';

export interface FeedListProps {
  readonly userId: string | null;
  readonly first: number;
  readonly emptyText: MessageId;
}

/** The live list of events. What happened while the page had no connection is marked. */
export function FeedList({ userId, first, emptyText }: FeedListProps) {
  const { events, error } = useFeed(userId, first);
  if (error) return <p className="problem">{problemOf(error)}</p>;
  if (events === null) return <Skeleton lines={6} />;
  if (events.length === 0) return <Empty>{t(emptyText)}</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <ol className="feed scroll" tabIndex={0} aria-label={t('events.live')}>
      {events.map((event, index) => {
        const newer = events[index - 1];
        const beginsAway = wasAway(event) && (newer === undefined || !wasAway(newer));
        return (
          <Fragment key={event.id}>
            {beginsAway ? <li className="away">{t('events.whileAway')}</li> : null}
            <li>
              <EventLine event={event} withoutUser={userId !== null} />
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}
