import { refuseWords, unknownWord } from './shell.ts';
import { USAGE, USAGES } from './usage.ts';

/** The meaning of the arguments after `wgql`. */
export type CommandLine =
  | { readonly kind: 'serve'; readonly demo: boolean }
  | { readonly kind: 'help'; readonly usage: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly name: Command; readonly args: readonly string[] };

export type Command = 'cleanup' | 'backup' | 'token';

/** An option for the set-up script, which the npm scripts pass before the command. */
const SET_UP_OPTION = '--run';
const HELP = ['--help', '-h'];
const VERSION = ['version', '--version', '-V'];

/**
 * Parses the arguments. Throws a `UsageError` for the first unknown one; --help has priority over all
 * others.
 */
export function readCommandLine(words: readonly string[]): CommandLine {
  const [name, ...args] = words[0] === SET_UP_OPTION ? words.slice(1) : words;
  if (name === undefined) return { kind: 'serve', demo: false };
  const isHelp = HELP.includes(name) || args.some((arg) => HELP.includes(arg));
  if (isHelp) return { kind: 'help', usage: USAGES.get(name) ?? USAGE };
  if (name === 'help') return { kind: 'help', usage: helpOn(args) };
  if (VERSION.includes(name)) {
    refuseWords(args, USAGE);
    return { kind: 'version' };
  }
  switch (name) {
    case 'demo':
      refuseWords(args, USAGES.get(name) ?? USAGE);
      return { kind: 'serve', demo: true };
    case 'cleanup':
    case 'backup':
    case 'token':
      return { kind: 'command', name, args };
    default:
      throw unknownWord(name, [...USAGES.keys(), '--help', '--version'], USAGE);
  }
}

function helpOn([topic, ...others]: readonly string[]): string {
  if (topic === undefined) return USAGE;
  refuseWords(others, USAGE);
  const usage = USAGES.get(topic);
  if (usage === undefined) throw unknownWord(topic, [...USAGES.keys()], USAGE);
  return usage;
}
