import type { BilingualCommand } from '../bilingual-command.ts';
import type { Run } from '../run.ts';
import { installService } from './install.ts';

/** What the command needs to know of this machine. */
export interface ServiceHost {
  /** The program and its arguments that run wgql now. */
  readonly start: readonly string[];
  readonly hasUserspaceInterface: () => boolean;
  /** The interfaces that have a file for wg-quick(8). */
  readonly interfacesOfWgQuick: () => readonly string[];
}

/** Adds the command that makes wgql a service of systemd. */
export function addServiceCommand(
  program: BilingualCommand,
  run: Run,
  { start, hasUserspaceInterface, interfacesOfWgQuick }: ServiceHost,
): void {
  const command = program
    .has('install-service', {
      en: 'print a unit for systemd that runs this program as a user of its own',
      zh: '输出以专用用户运行本程序的 systemd 单元',
    })
    .with('--write', {
      en: 'install it, and a file for the settings',
      zh: '安装它，并创建设置文件',
    })
    .with('--userspace', {
      en: 'for interfaces of wireguard-go or boringtun, also if there is none now',
      zh: '用于 wireguard-go 或 boringtun 的接口（即使现在还没有）',
    })
    .with('--root <folder>', { en: 'install below this folder', zh: '安装到此文件夹之下' });
  run(command, ({ options }) => {
    const {
      write = false,
      userspace,
      root = '/',
    } = options as {
      readonly write?: boolean;
      readonly userspace?: boolean;
      readonly root?: string;
    };
    const hasUserspace = userspace ?? hasUserspaceInterface();
    return installService(
      { start, hasUserspace, interfaces: interfacesOfWgQuick() },
      { write, root },
    );
  });
}
