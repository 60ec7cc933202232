import { isIP } from 'node:net';
import * as z from 'zod';
import { AUDIT_ACTIONS } from '../domain/audit-action.ts';
import { type FieldError, invalidFields, type Text } from '../domain/errors.ts';
import { isLastTime, LAST_TIME } from '../domain/time/calendar.ts';
import { isInterfaceName } from '../domain/wireguard/interface-name.ts';
import { isKey } from '../domain/wireguard/key.ts';
import { MAX_MTU, MIN_MTU } from '../domain/wireguard/mtu.ts';
import { canonicalPrefix, hostBitsProblem } from '../domain/wireguard/prefix.ts';
import { fold } from '../store/lists/fold.ts';
import {
  MAX_ALLOWED_IPS,
  MAX_IDS,
  MAX_INT,
  MAX_LINK_MINUTES,
  MAX_OWNER_LENGTH,
  MAX_PAGE,
  MAX_TAG_LENGTH,
  MAX_TAGS,
  MAX_TEXT_LENGTH,
  PROBLEMS,
  type ProblemKey,
} from './problems.ts';

export { problemText } from './problems.ts';

/** Returns one problem for each invalid field of an input. */
export function problemsOf(schema: z.ZodType, input: unknown): FieldError[] {
  const { error } = schema.safeParse(input);
  const fields = new Map<string, FieldError>();
  for (const issue of error?.issues ?? []) {
    // The last name of the path: `filter.from` is reported as `from`, `allowedIps[0]` as `allowedIps`.
    const field = issue.path.findLast((part) => typeof part === 'string') ?? 'input';
    const text = textOf(issue);
    if (!fields.has(field)) fields.set(field, { field, text });
  }
  return [...fields.values()];
}

/** The text that the issue itself carries, or the text for its key. */
function textOf(issue: z.core.$ZodIssue): Text {
  if (issue.code === 'custom' && issue.params?.text !== undefined) return issue.params.text as Text;
  return Object.hasOwn(PROBLEMS, issue.message)
    ? PROBLEMS[issue.message as ProblemKey]
    : PROBLEMS.unknown;
}

/** Validates an input; throws `INVALID_ARGUMENT` with every invalid field. */
export function parseInput<S extends z.ZodType>(schema: S, input: z.input<S>): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidFields(problemsOf(schema, input));
}

const key = (problem: ProblemKey) => ({ error: problem });

// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are rejected
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const NO_PRESHARED_KEY = `${'A'.repeat(43)}=`;
const MAIL = /^[^\s@]+@[^\s@]+$/;

export const publicKey = z.string(key('publicKey')).refine(isKey, key('publicKey'));
/** WireGuard treats an all-zero preshared key as no key and never returns it. */
export const presharedKey = z
  .string(key('presharedKey'))
  .refine(isKey, key('presharedKey'))
  .transform((value) => (value === NO_PRESHARED_KEY ? null : value));
export const text = z
  .string(key('text'))
  .max(MAX_TEXT_LENGTH, key('text'))
  .refine((value) => !CONTROL_CHARACTER.test(value), key('text'));
export const mail = text.refine((value) => value === '' || MAIL.test(value), key('mail'));
const isVisible = (value: string) => fold(value).trim() !== '';

/** A name that is compared: composed and without surrounding spaces, so that equal names are equal texts. */
const name = (problem: ProblemKey, maxLength: number) =>
  z
    .string(key(problem))
    .refine((value) => !CONTROL_CHARACTER.test(value), key(problem))
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => value.length <= maxLength, key(problem));

/** Empty means no owner. */
export const owner = name('owner', MAX_OWNER_LENGTH).transform((value) =>
  isVisible(value) ? value : null,
);

/** Tags that differ only in case are one tag: people would not tell them apart. The first spelling is kept. */
export const tags = z
  .array(name('tags', MAX_TAG_LENGTH).refine(isVisible, key('tags')), key('tags'))
  .max(MAX_TAGS, key('tags'))
  .transform((given) => {
    const folded = given.map(fold);
    return given.filter((_, index) => folded.indexOf(folded[index] as string) === index);
  });
export const limit = z.int(key('limit')).min(0, key('limit')).max(MAX_INT, key('limit'));
export const keepalive = z
  .int(key('keepalive'))
  .min(0, key('keepalive'))
  .max(65_535, key('keepalive'));
export const mtu = z.int(key('mtu')).min(MIN_MTU, key('mtu')).max(MAX_MTU, key('mtu'));
export const boolean = z.boolean(key('boolean'));
/** The years 1 to 9999 in every time zone: local years begin and end up to half a day from UTC. */
const FIRST_MS = Date.parse('0000-12-31T00:00:00Z');
const END_MS = Date.parse('+010000-01-01T12:00:00Z');

export const date = z
  .date(key('date'))
  .refine((at) => at.getTime() >= FIRST_MS && at.getTime() <= END_MS, key('date'))
  .transform((at) => (isLastTime(at) ? LAST_TIME : at));
/** A time rounded down to a second, which all APIs can write, so a value posted back is unchanged. */
export const wholeSecond = date.transform(
  (value) => new Date(Math.floor(value.getTime() / 1000) * 1000),
);
export const interfaceName = z.string(key('interface')).refine(isInterfaceName, key('interface'));
export const addresses = z
  .array(
    z.string().refine((text) => isIP(text) !== 0, key('addresses')),
    key('addresses'),
  )
  .max(8, key('addresses'));
export const linkMinutes = z
  .int(key('linkMinutes'))
  .min(1, key('linkMinutes'))
  .max(MAX_LINK_MINUTES, key('linkMinutes'));
export const quotaPeriod = z.enum(['NONE', 'DAY', 'WEEK', 'MONTH'], key('quotaPeriod'));

/** An id of no row; replaces ids larger than the database can hold. */
const NO_ID = 0;

/** A decimal id, as a number. */
export const id = z
  .string(key('id'))
  .regex(/^\d{1,15}$/, key('id'))
  .transform((value) => (Number(value) <= MAX_INT ? Number(value) : NO_ID));
export const ids = z.array(id, key('ids')).max(MAX_IDS, key('ids'));
export const auditActions = z
  .array(z.enum(AUDIT_ACTIONS), key('auditActions'))
  .max(MAX_IDS, key('auditActions'));
export const first = z.int(key('first')).min(0, key('first')).max(MAX_PAGE, key('first'));
/** An id larger than any row's is valid: no entries follow it. */
export const cursor = z
  .string(key('cursor'))
  .regex(/^\d+$/, key('cursor'))
  .transform((value) => Math.min(Number(value), MAX_INT));

/** Converts prefixes to WireGuard's notation and removes duplicates; reports `problem` if one is invalid. */
export const prefixes = (problem: ProblemKey) => (given: string[], context: z.RefinementCtx) => {
  const canonical = given.map(canonicalPrefix);
  const [text] = given.flatMap((prefix) => hostBitsProblem(prefix) ?? []);
  if (canonical.some((prefix) => prefix === null)) {
    context.issues.push({ code: 'custom', message: problem, input: given });
    return z.NEVER;
  }
  if (text !== undefined) {
    context.issues.push({ code: 'custom', params: { text }, input: given });
    return z.NEVER;
  }
  return [...new Set(canonical as string[])];
};

export const allowedIps = z
  .array(z.string(key('allowedIps')), key('allowedIps'))
  .max(MAX_ALLOWED_IPS, key('allowedIps'))
  .transform(prefixes('allowedIps'));
