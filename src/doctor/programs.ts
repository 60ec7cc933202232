import { isSupported, unsupported } from '../config/node-version.ts';
import { CommandError, runCommand } from '../wg/command/run.ts';
import type { Tool } from '../wg/command/wg.ts';
import { bad, type Finding, good } from './finding.ts';

const WITHIN_MS = 5_000;

export function checkNode(version: string): Finding {
  return isSupported(version)
    ? good('Node.js', `Node.js ${version} is supported.`, `支持 Node.js ${version}。`)
    : { name: 'Node.js', ok: false, text: unsupported(version) };
}

/** The programs that wgql runs, with the packages that have them. */
const PROGRAMS = {
  wg: { args: ['--version'], name: 'wireguard-tools' },
  awg: { args: ['--version'], name: 'amneziawg-tools' },
  ip: { args: ['-V'], name: 'iproute2' },
  nft: { args: ['--version'], name: 'nftables' },
} as const;

/** Without WGQL_MANAGE, nothing calls nft. */
export function checkPrograms(
  stop: AbortSignal,
  { manage, tools }: { readonly manage: boolean; readonly tools: readonly Tool[] },
): Promise<Finding[]> {
  const used = [...tools, 'ip', ...(manage ? (['nft'] as const) : [])] as const;
  return Promise.all(
    used.map(async (command) => {
      const { args, name } = PROGRAMS[command];
      try {
        const { stdout } = await runCommand(command, args, { withinMs: WITHIN_MS, stop });
        const version = stdout.trim().split('\n')[0] ?? '';
        return good(
          name,
          `The command "${command}" works: ${version}.`,
          `命令 "${command}" 可用：${version}。`,
        );
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        return bad(
          name,
          `The command "${command}" does not work; install ${name} (Debian and Ubuntu: apt-get install ${name}).`,
          `命令 "${command}" 不可用；请安装 ${name}（Debian 和 Ubuntu：apt-get install ${name}）。`,
        );
      }
    }),
  );
}
