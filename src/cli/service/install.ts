import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type Text } from '../../domain/errors.ts';
import type { Answer } from '../shell.ts';
import {
  ENVIRONMENT,
  ENVIRONMENT_FILE,
  type ServiceOptions,
  SYSUSERS,
  SYSUSERS_FILE,
  UNIT_FILE,
  unitText,
} from './unit.ts';

/** Prints the unit, or with `write` installs it below `root`, which is / but for images and tests. */
export async function installService(
  options: ServiceOptions,
  { write, root }: { readonly write: boolean; readonly root: string },
): Promise<Answer> {
  const unit = unitText(options);
  const hidden = options.start.find((path) => HIDDEN.test(path));
  if (!write) {
    const note = hidden === undefined ? HOW_TO_WRITE : cannotStart(hidden);
    return { json: { unit }, lines: [unit.trimEnd()], note };
  }
  if (hidden !== undefined) throw new AppError('UNAVAILABLE', cannotStart(hidden));
  const files = [
    { path: UNIT_FILE, text: unit, mode: 0o644, replace: true },
    { path: SYSUSERS_FILE, text: SYSUSERS, mode: 0o644, replace: true },
    // It may hold secrets and what the operator has set.
    { path: ENVIRONMENT_FILE, text: ENVIRONMENT, mode: 0o600, replace: false },
  ];
  const written: string[] = [];
  for (const { path, text, mode, replace } of files) {
    const file = join(root, path);
    if (await writeNew(file, text, { mode, flag: replace ? 'w' : 'wx' })) written.push(file);
  }
  return { json: { written }, lines: written, note: NEXT };
}

/** The service does not see these folders (ProtectHome, PrivateTmp). */
const HIDDEN = /^\/(home|root|run\/user|tmp|var\/tmp)\//;

function cannotStart(path: string): Text {
  return {
    en: `The service cannot start ${path}, because it does not see that folder; install wgql and Node.js elsewhere, such as in /opt.`,
    zh: `服务无法启动 ${path}，因为它看不到该目录；请将 wgql 和 Node.js 安装到其他位置，例如 /opt。`,
  };
}

/** false if the file exists and is not to be replaced. */
async function writeNew(
  file: string,
  text: string,
  options: { readonly mode: number; readonly flag: 'w' | 'wx' },
): Promise<boolean> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, options);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new AppError('UNAVAILABLE', {
      en: `${file} cannot be written (${code}); run the command as root.`,
      zh: `无法写入 ${file}（${code}）；请以 root 运行此命令。`,
    });
  }
}

const HOW_TO_WRITE: Text = {
  en: 'This is the unit; "wgql install-service --write" installs it.',
  zh: '以上是服务单元；"wgql install-service --write" 会安装它。',
};

const NEXT: Text = {
  en: 'Next: systemd-sysusers && systemctl daemon-reload && systemctl enable --now wgql. Then check it with "wgql doctor"; commands that use its database, such as token, need WGQL_DATABASE_URL=file:/var/lib/wgql/wgql.db and sudo -u wgql.',
  zh: '接下来运行：systemd-sysusers && systemctl daemon-reload && systemctl enable --now wgql。然后用 "wgql doctor" 检查；使用其数据库的命令（例如 token）需要 WGQL_DATABASE_URL=file:/var/lib/wgql/wgql.db 和 sudo -u wgql。',
};
