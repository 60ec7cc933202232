import { execFile } from 'node:child_process';
import { AppError, type Text } from '../../errors.ts';

/** 10 000 limited users print about 10 MB. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** A table of 10 000 users takes under a second. */
const MAX_RUN_MS = 10_000;

/**
 * Runs `nft` with these arguments and this input, and answers its standard output. Rejects with an
 * error that has `stderr` when nft fails, and `code` when it could not be started.
 */
export type RunNft = (
  args: readonly string[],
  input: string,
  signal: AbortSignal,
) => Promise<string>;

/** The real `nft`, in the network namespace of this process. */
export const runNft: RunNft = (args, input, stop) =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(MAX_RUN_MS)]);
    const child = execFile(
      'nft',
      args,
      { signal, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(Object.assign(error, { stderr }));
      },
    );
    // An nft that ends before it has read everything is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });

export function isMissingCommand(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

export function isForbidden(error: unknown): boolean {
  return codeOf(error) === 'EACCES' || /operation not permitted/i.test(stderrOf(error));
}

/** nft says this, in English under every locale, where there is no table of this name. */
export function isMissingTable(error: unknown): boolean {
  return /no such file or directory/i.test(stderrOf(error));
}

/** What the callers may see of a failed nft. */
export function explainNft(error: unknown, signal: AbortSignal): AppError {
  return new AppError('UNAVAILABLE', explanation(error, signal), [], { cause: error });
}

function explanation(error: unknown, signal: AbortSignal): Text {
  if (signal.aborted) return NO_ANSWER;
  if (isMissingCommand(error)) return NFT_MISSING;
  if (isForbidden(error)) return NO_PERMISSION;
  // Only the reason: the lines after it repeat the script.
  const reason = /^Error: (.{1,200})/m.exec(stderrOf(error))?.[1];
  return {
    en: `nftables refused the limits${reason === undefined ? '' : ` (${reason})`}; does the kernel have nf_tables?`,
    zh: `nftables 拒绝了这些限制${reason === undefined ? '' : `（${reason}）`}；内核是否支持 nf_tables？`,
  };
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

function stderrOf(error: unknown): string {
  const stderr = (error as { stderr?: unknown } | null)?.stderr;
  return typeof stderr === 'string' ? stderr : '';
}

const NFT_MISSING: Text = {
  en: 'The command "nft" was not found; install nftables (Debian and Ubuntu: apt-get install nftables).',
  zh: '找不到命令 "nft"；请安装 nftables（Debian 和 Ubuntu：apt-get install nftables）。',
};

const NO_PERMISSION: Text = {
  en: 'Limiting bandwidth is not permitted; run wgql as root or give it CAP_NET_ADMIN.',
  zh: '没有限制带宽的权限；请以 root 运行 wgql，或授予 CAP_NET_ADMIN。',
};

const NO_ANSWER: Text = {
  en: 'nftables did not answer in time.',
  zh: 'nftables 没有及时回答。',
};
