import { Link } from 'wouter';
import type { EventLineFragment } from '../api/generated/first/graphql.ts';
import { actorName } from '../text/actor-name.ts';
import { t } from '../text/i18n.ts';
import { When } from '../ui/values.tsx';
import { eventName, reasonText, weightOf } from './event-text.ts';

export interface EventLineProps {
  readonly event: EventLineFragment;
  /** Whether the page is about the user already. */
  readonly withoutUser?: boolean;
}

/** What happened, to whom, why and when. */
export function EventLine(props: EventLineProps) {
  return (
    <>
      <EventBody {...props} />
      <span className="muted small">
        <When at={props.event.at} />
      </span>
    </>
  );
}

export function EventBody({ event, withoutUser }: EventLineProps) {
  const { type, user, userId, endpoint, actor } = event;
  const name = withoutUser ? null : (user?.nickname ?? null);
  const details = [
    event.interface,
    endpoint,
    reasonText(event),
    actor && t('event.by', { actor: actorName(actor) }),
  ];
  return (
    <>
      <span className={`badge ${weightOf(type)}`}>{eventName(type)}</span>
      <span className="what">
        {name === null || user === null ? null : <Link href={`/users/${user.id}`}>{name}</Link>}
        {name === null && userId !== null && user === null ? (
          <span className="muted">{t('event.deletedUser', { id: userId })}</span>
        ) : null}{' '}
        <span className="muted small">{details.filter(Boolean).join(' · ')}</span>
      </span>
    </>
  );
}
