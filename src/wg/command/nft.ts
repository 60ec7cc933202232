import { AppError, type Text } from '../../domain/errors.ts';
import { nftablesNotPermitted } from './permissions.ts';
import { CommandError, runCommand } from './run.ts';

/** A table of 10 000 users takes under a second. */
const MAX_RUN_MS = 10_000;

/**
 * Runs `nft` with these arguments and this input, and returns its standard output. Rejects with an error that
 * has `stderr` when nft fails; the real one rejects with a `CommandError`.
 */
export type RunNft = (
  args: readonly string[],
  input: string,
  signal: AbortSignal,
) => Promise<string>;

/** The real `nft`, in the network namespace of this process. */
export const runNft: RunNft = async (args, input, stop) =>
  (await runCommand('nft', args, { input, stop, withinMs: MAX_RUN_MS })).stdout;

export function isMissingCommand(error: unknown): boolean {
  return error instanceof CommandError && error.failure === 'missing';
}

export function isForbidden(error: unknown): boolean {
  return error instanceof CommandError && error.failure === 'forbidden';
}

/** The message of nft, in English in every locale, if there is no table of this name. */
export function isMissingTable(error: unknown): boolean {
  return /no such file or directory/i.test(stderrOf(error));
}

/** Converts a failure of nft to an error for the callers. */
export function explainNft(error: unknown): AppError {
  return new AppError('UNAVAILABLE', explanation(error), [], { cause: error });
}

function explanation(error: unknown): Text {
  if (isMissingCommand(error)) return NFT_MISSING;
  if (isForbidden(error)) return nftablesNotPermitted();
  const isUnanswered =
    error instanceof CommandError && (error.failure === 'no-answer' || error.failure === 'stopped');
  if (isUnanswered) return NO_ANSWER;
  // Only the reason: the following lines repeat the script.
  const reason = /^Error: (.{1,200})/m.exec(stderrOf(error))?.[1];
  return {
    en: `nftables refused the limits${reason === undefined ? '' : ` (${reason})`}; check that the kernel supports nf_tables.`,
    zh: `nftables 拒绝了这些限制${reason === undefined ? '' : `（${reason}）`}；请检查内核是否支持 nf_tables。`,
  };
}

function stderrOf(error: unknown): string {
  const stderr = (error as { stderr?: unknown } | null)?.stderr;
  return typeof stderr === 'string' ? stderr : '';
}

const NFT_MISSING: Text = {
  en: 'The command "nft" was not found; install nftables (Debian and Ubuntu: apt-get install nftables).',
  zh: '找不到命令 "nft"；请安装 nftables（Debian 和 Ubuntu：apt-get install nftables）。',
};

const NO_ANSWER: Text = {
  en: 'nftables did not respond in time.',
  zh: 'nftables 未及时响应。',
};
