import type { Config } from '../config/config.ts';
import type { Text } from '../domain/errors.ts';

/** The environment of a command. */
export interface Shell {
  readonly config: Config;
  readonly now: Date;
  /** The language of the messages of a server, which sends them in one. */
  readonly language: keyof Text;
  /** For a command that waits: a signal that is aborted when it must end. */
  readonly untilStopped: () => AbortSignal;
  /** Writes a line of machine-readable output. */
  readonly print: (line: string) => void;
  /** Writes a message for people. */
  readonly say: (text: Text) => void;
}

/** What a command found or did. */
export interface Answer {
  /** Printed in the place of everything else with `--json`. */
  readonly json: unknown;
  /** Written to standard output, for people and scripts. */
  readonly lines?: readonly string[];
  /** Written to standard error, for people. */
  readonly note?: Text;
  /** false ends the process with the exit code 1; absent means true. */
  readonly isGood?: boolean;
}
