import { expect, it } from 'vitest';
import { reasonsIn } from '../../src/domain/event-reason.ts';

it.each([
  [null, []],
  ['', []],
  ['DISABLED', ['DISABLED']],
  ['ALLOWED_IPS,PRESHARED_KEY', ['ALLOWED_IPS', 'PRESHARED_KEY']],
  ['80%', []],
  ['12', []],
  ['The interface wg0 is down.', []],
])('the words of the reason %j are %j', (reason, words) => {
  expect(reasonsIn(reason)).toEqual(words);
});
