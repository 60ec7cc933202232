import type { BytesAs } from './contract/parameters.ts';

/** The values of a REST response. A bigint is a byte count. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Like `JSON.stringify`, but writes bigints with all their digits. */
export function toJson(value: Json, bytes: BytesAs = 'number'): string {
  if (typeof value === 'bigint') return bytesToJson(value, bytes);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item, bytes)).join(',')}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${toJson(member, bytes)}`,
  );
  return `{${members.join(',')}}`;
}

export function bytesToJson(value: bigint, bytes: BytesAs): string {
  return bytes === 'string' ? `"${value}"` : `${value}`;
}
