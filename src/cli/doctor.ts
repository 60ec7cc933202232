import type { Config } from '../config/config.ts';
import type { Text } from '../domain/errors.ts';
import { serverUrl } from './api/server-url.ts';
import type { Answer, Shell } from './shell.ts';

/** What a check of the machine found. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly text: Text;
}

/** Checks the machine. */
export type Examine = (config: Config, url: string) => Promise<readonly Finding[]>;

/** Reports each check on a line of its own in each language; fails if one found a problem. */
export async function doctorCommand(
  { config, language }: Shell,
  examine: Examine,
): Promise<Answer> {
  const findings = await examine(config, serverUrl(config));
  return {
    json: findings.map(({ name, ok, text }) => ({ name, ok, message: text[language] })),
    lines: findings.flatMap(({ name, ok, text }) => [
      `${ok ? 'ok  ' : 'FAIL'}  ${name}: ${text.en}`,
      `      ${text.zh}`,
    ]),
    isGood: findings.every(({ ok }) => ok),
  };
}
