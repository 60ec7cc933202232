import { execFile } from 'node:child_process';
import { AppError, type Text } from '../errors.ts';

/** `wg` itself never gives up on a daemon that hangs. */
const MAX_RUN_MS = 5_000;

/** 10 000 peers print 1.45 MB, 2^16 about 10 MB. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export const WG_MISSING: Text = {
  en: 'The command "wg" was not found; install wireguard-tools (Debian and Ubuntu: apt-get install wireguard-tools).',
  zh: '找不到命令 "wg"；请安装 wireguard-tools（Debian 和 Ubuntu：apt-get install wireguard-tools）。',
};

export const NO_PERMISSION: Text = {
  en: 'Reading WireGuard is not permitted; run wgql as root or give it CAP_NET_ADMIN.',
  zh: '没有读取 WireGuard 的权限；请以 root 运行 wgql，或授予 CAP_NET_ADMIN。',
};

/**
 * Runs `wg` with these arguments and answers its standard output. Rejects with an `AppError` whose
 * sentence never repeats what `wg` printed: its messages echo keys. Output beside a word on
 * standard error is not trusted either, since some interface failed then.
 */
export function wg(args: readonly string[], stop: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(MAX_RUN_MS)]);
  return new Promise((resolve, reject) => {
    execFile(
      'wg',
      args,
      { signal, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (error === null && stderr === '') resolve(stdout);
        else reject(new AppError('UNAVAILABLE', explain(error, stderr, signal)));
      },
    );
  });
}

function explain(error: Error | null, stderr: string, signal: AbortSignal): Text {
  if (signal.aborted) return NO_ANSWER;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return WG_MISSING;
  if (code === 'EACCES' || /operation not permitted|permission denied/i.test(stderr)) {
    return NO_PERMISSION;
  }
  return {
    en: 'The command "wg" failed; run "wg show" on the server to see why.',
    zh: '命令 "wg" 执行失败；请在服务器上运行 "wg show" 查看原因。',
  };
}

/** The interface did not answer within the limit. */
export const NO_ANSWER: Text = {
  en: 'The interface did not answer in time; its daemon may hang.',
  zh: '接口没有及时回答；其守护进程可能已挂起。',
};
