import type { Calendar } from '../../domain/time/calendar.ts';
import { sizeOf } from '../user/amounts.ts';

/** An event as the command shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly interface: string | null;
  readonly endpoint: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly user: { readonly id: string; readonly nickname: string } | null;
  readonly session: { readonly rx: string; readonly tx: string } | null;
}

/** Selects the fields of a `ShownEvent`. */
export const EVENT_FIELDS =
  'id at type interface endpoint actor reason user { id nickname } session { rx tx }';

/** Formats the event as one line, with its time in the calendar's zone. */
export function lineOfEvent(event: ShownEvent, calendar: Calendar): string {
  const { session, type } = event;
  const bytes = type === 'SESSION_ENDED' && session !== null;
  return [
    calendar.formatTime(new Date(event.at)),
    type.padEnd(TYPE_WIDTH),
    event.user?.nickname ?? event.interface ?? '-',
    event.endpoint,
    event.reason,
    bytes ? `${sizeOf(BigInt(session.rx))} received, ${sizeOf(BigInt(session.tx))} sent` : null,
    event.actor === null ? null : `by ${event.actor}`,
  ]
    .filter((part) => part !== null)
    .join('  ');
}

/** The width of the common types, so that names are aligned. */
const TYPE_WIDTH = 16;
