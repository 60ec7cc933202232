import * as z from 'zod';

/** A part of the document. */
export type Part = Readonly<Record<string, unknown>>;

export interface SchemaWriter {
  write(schema: z.ZodType): Part;
  /** The named schemas that were written so far. */
  components(): Part;
}

/** Writes JSON Schemas that refer to named ones, and keeps those. */
export function schemaWriter(): SchemaWriter {
  const named = new Map<string, Part>();
  return {
    write: (schema) => {
      const json = z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        // Properties may be added to responses, so clients must not reject unknown ones.
        io: 'input',
        // Byte counts, which say their type themselves.
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          withoutSafeRange(jsonSchema);
          withShortNull(jsonSchema);
        },
      });
      const text = JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/');
      const { $schema, $defs = {}, ...own } = JSON.parse(text);
      for (const [name, part] of Object.entries($defs)) named.set(name, part as Part);
      return own;
    },
    components: () =>
      Object.fromEntries([...named].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** One type with null is written shorter, which generators of clients understand better. */
function withShortNull(schema: z.core.JSONSchema.BaseSchema): void {
  const [one, other, ...more] = schema.anyOf ?? [];
  if (other?.type !== 'null' || more.length > 0 || typeof one?.type !== 'string') return;
  delete schema.anyOf;
  Object.assign(schema, one, { type: [one.type, 'null'] });
}

/** The bounds that zod gives every integer say nothing about the value. */
function withoutSafeRange(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}
