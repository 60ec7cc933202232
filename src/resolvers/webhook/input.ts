import * as z from 'zod';
import { EVENT_TYPES } from '../../domain/event-type.ts';
import { isContentType, JSON_TYPE, MAX_TEMPLATE_LENGTH } from '../../domain/webhook/template.ts';
import * as input from '../input.ts';

const types = z.array(z.enum(EVENT_TYPES)).min(1, { error: 'eventTypes' });

const template = z.string().max(MAX_TEMPLATE_LENGTH, { error: 'template' });

/** An empty template means the standard message. */
const fields = {
  description: input.text.nullish(),
  types: types.nullish(),
  userIds: input.ids.nullish(),
  tags: input.tags.nullish(),
  template: template.transform((text) => (text === '' ? null : text)).nullish(),
  contentType: z.string().refine(isContentType, { error: 'contentType' }).nullish(),
};

export const createInput = z.object({ ...fields, url: z.string() });

export const updateInput = z.object({
  id: input.id,
  input: z.object({ ...fields, url: z.string().optional(), enabled: input.boolean.optional() }),
});

type Fields = Partial<Omit<z.output<typeof createInput>, 'url'>>;

/** The value of each field that is given; null means its default. */
export function valuesOf({ description, types, userIds, tags, template, contentType }: Fields) {
  return {
    ...(description !== undefined && { description: description ?? '' }),
    ...(types !== undefined && { types }),
    ...(userIds !== undefined && { userIds: userIds ?? [] }),
    ...(tags !== undefined && { tags: tags ?? [] }),
    ...(template !== undefined && { template }),
    ...(contentType !== undefined && { contentType: contentType ?? JSON_TYPE }),
  };
}

/** The values of a new webhook. */
export const DEFAULTS = {
  description: '',
  types: null,
  userIds: [],
  tags: [],
  template: null,
  contentType: JSON_TYPE,
};
