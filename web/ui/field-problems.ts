import type { Failure } from '../api/client.ts';

/** What the server found wrong with each field of an input, by the last part of its name. */
export function fieldProblemsOf(error: Failure | unknown): Record<string, string> {
  const fields = (error as Partial<Failure>).graphQLErrors?.[0]?.extensions.fields;
  if (!Array.isArray(fields)) return {};
  return Object.fromEntries(
    (fields as { field: string; message: string }[]).map(({ field, message }) => [
      field.split('.').at(-1) ?? field,
      message,
    ]),
  );
}
