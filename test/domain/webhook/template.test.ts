import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../src/domain/event-type.ts';
import { messageOf } from '../../../src/domain/webhook/message.ts';
import { bodyOf, PLACEHOLDERS, templateProblem } from '../../../src/domain/webhook/template.ts';

const FORM = 'application/x-www-form-urlencoded';

const event = {
  ...{ id: 1, type: 'LIMIT_FAILED', at: new Date(0), userId: 1, sessionId: null },
  ...{ interface: 'wg0', endpoint: null, reason: null, actor: null },
};

const text = (maxLength: number) =>
  fc
    .constantFrom('a', '"', '\n', '\u0001', '&', 'é', '界', '😀', '\ud83d')
    .chain((character) =>
      fc.integer({ min: 0, max: maxLength }).map((length) => character.repeat(length)),
    )
    .map((value) => value.slice(0, maxLength));

describe('a message', () => {
  it('has less than 20 kB with every template that is accepted, and without one', () => {
    const template = fc
      .array(fc.constantFrom(...PLACEHOLDERS, 'x', '界', ' '), { maxLength: 60 })
      .map((parts) => parts.map((part) => (part.length > 1 ? `{{${part}}}` : part)).join(''));
    const form = fc.oneof(
      fc.record({ template, contentType: fc.constantFrom('text/plain', FORM) }),
      fc.record({
        template: template.map((inner) => JSON.stringify(inner)),
        contentType: fc.constant('application/json'),
      }),
      fc.constant({ template: null, contentType: 'application/json' }),
    );
    const longest = fc.record({
      type: fc.constantFrom(...EVENT_TYPES),
      reason: text(5_000),
      actor: text(64),
      endpoint: text(64),
      nickname: text(256),
    });
    fc.assert(
      fc.property(form, longest, (given, { nickname, ...rest }) => {
        fc.pre(templateProblem(given) === null);
        const user = { id: Number.MAX_SAFE_INTEGER, publicKey: 'k'.repeat(44), nickname };
        const body = bodyOf(messageOf({ ...event, ...rest }, user), given);
        expect(Buffer.byteLength(body)).toBeLessThan(20_000);
      }),
    );
  });

  it('may have a reason that is cut inside of a character, also in a form', () => {
    const reason = `${'x'.repeat(999)}😀`;
    const body = bodyOf(messageOf({ ...event, reason }, null), {
      template: 'reason={{data.reason}}',
      contentType: FORM,
    });
    expect(body).toBe(`reason=${'x'.repeat(999)}%EF%BF%BD`);
  });

  it('may name everything once', () => {
    const template = PLACEHOLDERS.map((path) => `{{${path}}}`).join(' ');
    for (const contentType of ['text/plain', FORM]) {
      expect(templateProblem({ template, contentType })).toBeNull();
    }
    const json = { template: JSON.stringify(template), contentType: 'application/json' };
    expect(templateProblem(json)).toBeNull();
  });
});
