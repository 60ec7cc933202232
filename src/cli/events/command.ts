import { quoted } from '../../domain/secret-like.ts';
import { type Calendar, calendarOf, parseInstant } from '../../domain/time/calendar.ts';
import { apiFor, asksServer } from '../api/with-api.ts';
import type { BilingualCommand } from '../bilingual-command.ts';
import { hoursOf } from '../expiry.ts';
import type { Run } from '../run.ts';
import { UsageError } from '../usage-error.ts';
import { findUser } from '../user/find.ts';
import { lineOfEvent, type ShownEvent } from './event.ts';
import { liveEvents, loggedEvents } from './events.ts';

interface EventOptions {
  readonly since?: string;
  readonly user?: string;
  readonly follow?: boolean;
}

const HOUR_MS = 3_600_000;
const DEFAULT_SINCE = '24h';

/** Adds the command that shows what happened, and with --follow what happens. */
export function addEventsCommand(program: BilingualCommand, run: Run): void {
  const events = asksServer(
    program.has('events', {
      en: 'show the events of a running server, oldest first; with --json one object a line',
      zh: '查看运行中服务器的事件，从最早开始；使用 --json 时每行一个对象',
    }),
  )
    .with('--follow', { en: 'then wait for new events', zh: '然后持续等待新事件' })
    .with('--since <when>', {
      en: 'a date, a time, or a duration before now such as 7d; without it 24h',
      zh: '日期、时间，或此前的时长（例如 7d）；缺省为 24h',
    })
    .with('--user <user>', {
      en: 'only events of the user with this name, id or public key',
      zh: '仅此用户（名称、ID 或公钥）的事件',
    });
  run(events, async (call) => {
    const { since = DEFAULT_SINCE, user, follow } = call.options as EventOptions;
    const calendar = calendarOf(call.shell.config.timeZone);
    const from = sinceOf(since, call.shell.now, calendar);
    if (from === null) throw new UsageError(wrongSince(since), events.helpInformation());
    const api = apiFor(call);
    const userIds = user === undefined ? {} : { userIds: [(await findUser(api, user)).id] };
    const emit = (event: ShownEvent) => call.emit(event, lineOfEvent(event, calendar));
    let after: string | null = null;
    for await (const event of loggedEvents(api, { from, ...userIds })) {
      emit(event);
      after = event.id;
    }
    if (follow) {
      for await (const event of liveEvents(api, { after, ...userIds }, call.shell.untilStopped()))
        emit(event);
    }
    return { json: undefined };
  });
}

function sinceOf(text: string, now: Date, calendar: Calendar): Date | null {
  const hours = hoursOf(text);
  if (hours !== null) return new Date(now.getTime() - hours * HOUR_MS);
  return calendar.parseDay(text) ?? calendar.parseTime(text) ?? parseInstant(text);
}

const wrongSince = (text: string) => ({
  en: `--since must be 24h, 7d, 2027-01-31 or 2027-01-31 10:00:00, but is ${quoted(text)}.`,
  zh: `--since 必须是 24h、7d、2027-01-31 或 2027-01-31 10:00:00，现在是 ${quoted(text)}。`,
});
