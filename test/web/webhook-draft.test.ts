import { describe, expect, it } from 'vitest';
import { draftOf, inputOf } from '../../web/pages/settings/webhooks/webhook-draft.ts';

const empty = draftOf(null);

describe('the input of an edited webhook', () => {
  it('asks for all events and the standard message if nothing was chosen', () => {
    expect(inputOf({ ...empty, url: ' https://hook.example/x ' })).toEqual({
      url: 'https://hook.example/x',
      description: '',
      types: null,
      userIds: [],
      tags: [],
      template: null,
      contentType: null,
    });
  });

  it('keeps an empty choice of types, which the server refuses', () => {
    expect(inputOf({ ...empty, types: [] }).types).toEqual([]);
  });

  it('separates tags at commas, so that a tag may have spaces', () => {
    expect(inputOf({ ...empty, tags: 'night shift, guests，' }).tags).toEqual([
      'night shift',
      'guests',
    ]);
  });

  it('sends the content type only with a template', () => {
    const edited = { ...empty, contentType: 'text/plain' };
    expect(inputOf(edited).contentType).toBeNull();
    expect(inputOf({ ...edited, template: '{{type}}' }).contentType).toBe('text/plain');
  });
});
