import { Command, type ErrorOptions, type Option } from 'commander';
import type { Text } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { quoted } from '../domain/secret-like.ts';
import { UsageError } from './usage-error.ts';

/** A command whose help and mistakes are in both languages. A mistake is thrown as a `UsageError`. */
export class BilingualCommand extends Command {
  constructor(name?: string) {
    super(name);
    this.helpOption(...HELP_OPTION).helpCommand(false);
  }

  override createCommand(name?: string): BilingualCommand {
    return new BilingualCommand(name);
  }

  /** Describes the command, and what one of its arguments or options means. */
  describe({ en, zh }: Text): this {
    return this.description(`${en}\n${zh}`);
  }

  with(flags: string, { en, zh }: Text): this {
    return this.option(flags, `${en}\n${zh}`);
  }

  takes(argument: string, { en, zh }: Text): this {
    return this.argument(argument, `${en}\n${zh}`);
  }

  /** Adds a command below this one. */
  has(name: string, text: Text): BilingualCommand {
    return (this.command(name) as BilingualCommand).describe(text);
  }

  override error(message: string, options?: ErrorOptions): never {
    throw new UsageError(this.#textOf(message, options?.code ?? ''), this.helpInformation());
  }

  /** The command below this one with these names. */
  below([name, ...names]: readonly string[]): BilingualCommand {
    if (name === undefined) return this;
    const command = this.commands.find((other) => other.name() === name);
    if (command === undefined) return this.error(`'${name}'`, { code: 'commander.unknownCommand' });
    return (command as BilingualCommand).below(names);
  }

  #textOf(message: string, code: string): Text {
    const [, word = ''] = /'(.*)'/s.exec(message) ?? [];
    switch (code) {
      case 'commander.unknownOption':
        return unknownWord(word, this.#flags());
      case 'commander.unknownCommand':
        return unknownWord(
          word,
          this.commands.map((command) => command.name()),
        );
      case 'commander.excessArguments':
        return unknownWord(this.args[this.registeredArguments.length] ?? '', this.#flags());
      case 'commander.optionMissingArgument':
        return needsValue(/--[\w-]+/.exec(word)?.[0] ?? word);
      case 'commander.missingArgument':
        return missing(word.toUpperCase());
      default:
        return NOT_UNDERSTOOD;
    }
  }

  #flags(): string[] {
    const known = [...this.options, this.createHelp().visibleOptions(this).at(-1)];
    return known
      .filter((option): option is Option => option !== undefined)
      .map(({ long }) => long ?? '');
  }
}

const HELP_OPTION = [
  '-h, --help',
  'show this help and do nothing\n显示此帮助，不执行任何操作',
] as const;

/** Names an unknown word, with a suggestion if a known one is similar. */
function unknownWord(word: string, known: readonly string[]): Text {
  const shown = quoted(word);
  const near = nearest(word, known);
  const [hint, hintZh] =
    near === null ? ['.', '。'] : [`; did you mean ${near}?`, `；是否想写 ${near}？`];
  return { en: `${shown} is not a valid argument${hint}`, zh: `无法识别 ${shown}${hintZh}` };
}

function needsValue(option: string): Text {
  return { en: `${option} must be followed by a value.`, zh: `${option} 后面需要一个值。` };
}

function missing(argument: string): Text {
  return { en: `${argument} is missing.`, zh: `缺少 ${argument}。` };
}

const NOT_UNDERSTOOD: Text = {
  en: 'The arguments after the command are not valid.',
  zh: '无法识别命令后面的参数。',
};
