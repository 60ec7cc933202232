import { readFileSync } from 'node:fs';
import type { Text } from '../../domain/errors.ts';

/** Bits of Linux capabilities (include/uapi/linux/capability.h). */
const CAP_DAC_OVERRIDE = 1n << 1n;
const CAP_NET_ADMIN = 1n << 12n;

/** Whether this process may control WireGuard and nftables. */
export const hasNetAdmin = (): boolean => has(CAP_NET_ADMIN);

/** Whether this process may open files of others, such as the sockets of userspace daemons. */
export const mayPassPermissions = (): boolean => has(CAP_DAC_OVERRIDE);

/** The error if the kernel's WireGuard refuses access; it requires only this capability. */
export function wireGuardNotPermitted(): Text {
  return has(CAP_NET_ADMIN)
    ? {
        en: 'WireGuard refuses wgql although it has CAP_NET_ADMIN; check that it runs in the network namespace of the interface and that no sandbox forbids netlink.',
        zh: 'wgql 已具有 CAP_NET_ADMIN，但 WireGuard 仍拒绝访问；请检查它是否运行在接口所在的网络命名空间，以及沙箱是否禁止 netlink。',
      }
    : {
        en: 'Reading WireGuard is not permitted; run wgql as root or give it CAP_NET_ADMIN.',
        zh: '没有读取 WireGuard 的权限；请以 root 运行 wgql，或授予 CAP_NET_ADMIN。',
      };
}

/** The error if the file system refuses access: a userspace daemon's socket belongs to root. */
export function socketNotPermitted(path: string): Text {
  return has(CAP_DAC_OVERRIDE)
    ? {
        en: `The socket ${path} refuses wgql although it has CAP_DAC_OVERRIDE; check the permissions of its folder and whether a sandbox forbids it.`,
        zh: `wgql 已具有 CAP_DAC_OVERRIDE，但套接字 ${path} 仍拒绝访问；请检查其目录的权限，以及沙箱是否禁止访问。`,
      }
    : {
        en: `The socket ${path} of the WireGuard daemon belongs to another user; run wgql as root or give it CAP_DAC_OVERRIDE.`,
        zh: `WireGuard 守护进程的套接字 ${path} 属于其他用户；请以 root 运行 wgql，或授予 CAP_DAC_OVERRIDE。`,
      };
}

/** The error if nftables refuses access. */
export function nftablesNotPermitted(): Text {
  return has(CAP_NET_ADMIN)
    ? {
        en: 'nftables refuses wgql although it has CAP_NET_ADMIN; check that the command "nft" can be run and that no sandbox forbids netlink.',
        zh: 'wgql 已具有 CAP_NET_ADMIN，但 nftables 仍拒绝访问；请检查命令 "nft" 是否可执行，以及沙箱是否禁止 netlink。',
      }
    : {
        en: 'Limiting bandwidth is not permitted; run wgql as root or give it CAP_NET_ADMIN.',
        zh: '没有限制带宽的权限；请以 root 运行 wgql，或授予 CAP_NET_ADMIN。',
      };
}

/** Whether this process has a capability; false if the system does not say. */
function has(capability: bigint): boolean {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & capability) !== 0n;
  } catch {
    return false;
  }
}
