import { AppError, type Text } from '../../domain/errors.ts';
import { wireGuardNotPermitted } from './permissions.ts';
import { CommandError, type CommandFailure, runCommand } from './run.ts';

/** `wg` has no time limit of its own for a daemon that hangs. */
const MAX_RUN_MS = 5_000;

/** The command that speaks to an interface: those of AmneziaWG have one of their own, with the same arguments. */
export type Tool = 'wg' | 'awg';

/** An interface as a command names it. */
export interface WgTarget {
  readonly tool: Tool;
  /** A different name from that of the device if the device of a userspace daemon was renamed. */
  readonly name: string;
}

/**
 * Runs `wg` or `awg` with these arguments and returns its standard output. Rejects with an `AppError` whose message
 * never includes the output, which may contain keys. If there is any output on standard error,
 * standard output is not trusted either, because some interface failed.
 */
export async function wg(
  args: readonly string[],
  stop: AbortSignal,
  tool: Tool = 'wg',
): Promise<string> {
  const { stdout, stderr } = await runCommand(tool, args, { withinMs: MAX_RUN_MS, stop }).catch(
    (error: unknown) => {
      throw error instanceof CommandError ? refusal(tool, error.failure) : error;
    },
  );
  if (stderr !== '') throw refusal(tool, 'failed');
  return stdout;
}

function refusal(tool: Tool, failure: CommandFailure): AppError {
  const text = failure === 'forbidden' ? wireGuardNotPermitted() : EXPLANATIONS[failure](tool);
  return new AppError('UNAVAILABLE', text);
}

/** The interface did not answer within the limit. */
export const NO_ANSWER: Text = {
  en: 'The interface did not respond in time; check whether its daemon hangs.',
  zh: '接口未及时响应；请检查其守护进程是否挂起。',
};

const PACKAGES: Readonly<Record<Tool, string>> = {
  wg: 'wireguard-tools',
  awg: 'amneziawg-tools',
};

const EXPLANATIONS: Record<Exclude<CommandFailure, 'forbidden'>, (tool: Tool) => Text> = {
  missing: (tool) => ({
    en: `The command "${tool}" was not found; install ${PACKAGES[tool]} (Debian and Ubuntu: apt-get install ${PACKAGES[tool]}).`,
    zh: `找不到命令 "${tool}"；请安装 ${PACKAGES[tool]}（Debian 和 Ubuntu：apt-get install ${PACKAGES[tool]}）。`,
  }),
  'no-answer': () => NO_ANSWER,
  stopped: () => NO_ANSWER,
  failed: (tool) => ({
    en: `The command "${tool}" failed; run "${tool} show" on the server to see why.`,
    zh: `命令 "${tool}" 执行失败；请在服务器上运行 "${tool} show" 查看原因。`,
  }),
};
