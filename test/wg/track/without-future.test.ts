import { expect, it } from 'vitest';
import { withoutFuture } from '../../../src/wg/track/without-future.ts';
import { HOUR, Timeline } from '../../fixtures/timeline.ts';

it('an open session of the future continues from now once the clock is known to be set back', () => {
  const timeline = new Timeline();
  timeline.peer('alice').rx = 1n;
  timeline.shakeHands('alice');
  timeline.poll();
  timeline.wallMs -= HOUR;
  timeline.state = withoutFuture(timeline.state, timeline.wallMs);
  timeline.peer('alice').rx += 100n;
  const [session] = timeline.next().sessions;
  expect(session).toMatchObject({ kind: 'continued', lastSeenMs: timeline.wallMs });
});
