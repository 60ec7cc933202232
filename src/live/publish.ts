import type { Bus } from './bus.ts';
import type { LoggedEvent, PresenceChange, RateChange } from './topics.ts';

/** Publishes committed log entries, and that something was committed. */
export function publishLogged(bus: Bus, events: readonly LoggedEvent[], at: Date): void {
  bus.publish('events', events);
  bus.publish('commit', [{ at }]);
}

/** The changes that a poll committed. */
export interface CommittedPoll {
  readonly at: Date;
  readonly presence: readonly PresenceChange[];
  readonly rates: readonly RateChange[];
  readonly events: readonly LoggedEvent[];
}

export function publishPoll(bus: Bus, { at, presence, rates, events }: CommittedPoll): void {
  bus.publish('presence', presence);
  bus.publish('traffic', rates);
  publishLogged(bus, events, at);
}

/** Publishes that WireGuard was read, or could not be. */
export function publishLook(bus: Bus, at: Date): void {
  bus.publish('status', [{ at }]);
}
