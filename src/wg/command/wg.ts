import { AppError, type Text } from '../../domain/errors.ts';
import { wireGuardNotPermitted } from './permissions.ts';
import { CommandError, type CommandFailure, runCommand } from './run.ts';

/** `wg` has no time limit of its own for a daemon that hangs. */
const MAX_RUN_MS = 5_000;

/**
 * Runs `wg` with these arguments and returns its standard output. Rejects with an `AppError` whose message
 * never includes the output of `wg`, which may contain keys. If there is any output on standard error,
 * standard output is not trusted either, because some interface failed.
 */
export async function wg(args: readonly string[], stop: AbortSignal): Promise<string> {
  const { stdout, stderr } = await runCommand('wg', args, { withinMs: MAX_RUN_MS, stop }).catch(
    (error: unknown) => {
      throw error instanceof CommandError ? refusal(error.failure) : error;
    },
  );
  if (stderr !== '') throw refusal('failed');
  return stdout;
}

function refusal(failure: CommandFailure): AppError {
  const text = failure === 'forbidden' ? wireGuardNotPermitted() : EXPLANATIONS[failure];
  return new AppError('UNAVAILABLE', text);
}

/** The interface did not answer within the limit. */
export const NO_ANSWER: Text = {
  en: 'The interface did not respond in time; check whether its daemon hangs.',
  zh: '接口未及时响应；请检查其守护进程是否挂起。',
};

const EXPLANATIONS: Record<Exclude<CommandFailure, 'forbidden'>, Text> = {
  missing: {
    en: 'The command "wg" was not found; install wireguard-tools (Debian and Ubuntu: apt-get install wireguard-tools).',
    zh: '找不到命令 "wg"；请安装 wireguard-tools（Debian 和 Ubuntu：apt-get install wireguard-tools）。',
  },
  'no-answer': NO_ANSWER,
  stopped: NO_ANSWER,
  failed: {
    en: 'The command "wg" failed; run "wg show" on the server to see why.',
    zh: '命令 "wg" 执行失败；请在服务器上运行 "wg show" 查看原因。',
  },
};
