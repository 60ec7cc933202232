import { CommanderError } from 'commander';
import { BilingualCommand } from './bilingual-command.ts';
import { cleanupCommand, type LimitsTable } from './cleanup.ts';
import { backupCommand } from './database/backup.ts';
import { exportCommand } from './database/export.ts';
import { restoreCommand } from './database/restore.ts';
import { doctorCommand, type Examine } from './doctor.ts';
import { addEventsCommand } from './events/command.ts';
import { addImportCommand } from './import/command.ts';
import { runIn } from './run.ts';
import { addServiceCommand, type ServiceHost } from './service/command.ts';
import type { Shell } from './shell.ts';
import { addTokenCommands } from './token/commands.ts';
import { EXIT_USAGE } from './usage-error.ts';
import { addUserCommands } from './user/commands.ts';
import { addWebhookCommands } from './webhook/commands.ts';

/** What the commands need of the process. */
export interface Host extends ServiceHost {
  /** Reads the settings; called only once the arguments are known to be right. */
  readonly open: () => Shell;
  readonly serve: (options: { readonly demo: boolean }) => Promise<void>;
  readonly write: (text: string) => void;
  readonly table: LimitsTable;
  readonly version: string;
  readonly examine: Examine;
}

/**
 * Runs what the words after `wgql` ask for, and returns the exit code. Rejects with a `UsageError` for the first
 * wrong word, before anything is done; --help has priority over all others.
 */
export async function runCommandLine(words: readonly string[], host: Host): Promise<number> {
  let code = 0;
  const program = createProgram(host, () => {
    code = 1;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
}

function createProgram(host: Host, onProblem: () => void): BilingualCommand {
  const program = new BilingualCommand('wgql')
    .describe({
      en: 'Without a command, monitors the WireGuard interfaces of this machine and controls their users.',
      zh: '不带命令时，监控本机的 WireGuard 接口并管理其用户。',
    })
    .exitOverride()
    .configureOutput({ writeOut: host.write, writeErr: host.write })
    .version(host.version, '-V, --version', 'print the version\n显示版本')
    .usage('[COMMAND]');
  program
    .has('demo', { en: 'run with simulated interfaces and users', zh: '使用模拟的接口和用户运行' })
    .action(() => host.serve({ demo: true }));
  program
    .has('version', { en: 'print the version', zh: '显示版本' })
    .action(() => host.write(`${host.version}\n`));
  program
    .has('help', { en: 'show the help of a command', zh: '显示命令的帮助' })
    .takes('[command...]', { en: 'the command', zh: '命令' })
    .action((path: readonly string[]) => host.write(program.below(path).helpInformation()));
  const run = runIn(host.open, onProblem);
  run(
    program.has('cleanup', {
      en: 'remove the nftables table of wgql with all bandwidth limits',
      zh: '删除 wgql 的 nftables 表及其中的所有带宽限制',
    }),
    ({ shell }) => cleanupCommand(shell, host.table),
  );
  run(
    program
      .has('backup', {
        en: 'copy the database, even while the server runs; the copy does not include the key file',
        zh: '复制数据库（服务器运行时也可以）；不含密钥文件',
      })
      .takes('<file>', { en: 'the new file', zh: '新文件' }),
    ({ shell, words }) => backupCommand(shell, words[0] ?? ''),
  );
  run(
    program
      .has('restore', {
        en: 'replace the database of a stopped server by a backup, and keep the present one',
        zh: '用备份替换已停止的服务器的数据库，并保留当前数据库',
      })
      .takes('<file>', { en: 'the backup', zh: '备份文件' }),
    ({ shell, words }) => restoreCommand(shell, words[0] ?? ''),
  );
  run(
    program
      .has('export', {
        en: 'print the managed peers of an interface, with their preshared keys, for wg-quick',
        zh: '以 wg-quick 格式输出接口的托管对等节点（含预共享密钥）',
      })
      .takes('<interface>', { en: 'such as wg0', zh: '例如 wg0' }),
    ({ shell, words }) => exportCommand(shell, words[0] ?? ''),
  );
  run(
    program.has('doctor', {
      en: 'check what wgql needs of this machine; exits with 1 if something must be done',
      zh: '检查 wgql 对本机的要求；如有需要处理的问题，以 1 退出',
    }),
    ({ shell }) => doctorCommand(shell, host.examine),
  );
  addServiceCommand(program, run, host);
  addUserCommands(program, run);
  addEventsCommand(program, run);
  addImportCommand(program, run);
  addTokenCommands(program, run);
  addWebhookCommands(program, run);
  return program;
}
