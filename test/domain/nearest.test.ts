import { expect, it } from 'vitest';
import { nearest } from '../../src/domain/nearest.ts';

const KNOWN = ['WGQL_PORT', 'WGQL_HOST', 'WGQL_POLL_INTERVAL_MS'];

it.each([
  ['WGQL_PROT', 'WGQL_PORT'],
  ['wgql_port', 'WGQL_PORT'],
  ['WGQL_POLL_INTERVALL_MS', 'WGQL_POLL_INTERVAL_MS'],
  ['WGQL_POLL_INTERVAL', 'WGQL_POLL_INTERVAL_MS'],
  ['WGQL_SOMETHING_ELSE', null],
  ['', null],
])('the known word nearest to %j is %j', (word, known) => {
  expect(nearest(word, KNOWN)).toBe(known);
});
