import { AppError } from '../domain/errors.ts';
import { hasNetAdmin, mayPassPermissions } from '../wg/command/permissions.ts';
import type { Tool } from '../wg/command/wg.ts';
import { type FoundInterface, interfaceFinder } from '../wg/read/interfaces.ts';
import { bad, type Finding, good } from './finding.ts';

/** The interfaces, or why they cannot be found. */
export type Found = readonly FoundInterface[] | AppError;

export async function findInterfaces(only: readonly string[], stop: AbortSignal): Promise<Found> {
  try {
    return await interfaceFinder()(only, stop);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** The commands that read the interfaces: `wg`, or `awg` where all of them are AmneziaWG's. */
export function toolsFor(found: Found): readonly Tool[] {
  const tools = found instanceof AppError ? [] : found.map(({ target }) => target.tool);
  return tools.length === 0 ? ['wg'] : [...new Set(tools)].sort();
}

/** Checks that there are interfaces, and whether this process may read and change them. */
export function checkWireGuard(only: readonly string[], found: Found): Finding[] {
  return found instanceof AppError
    ? [{ name: 'interfaces', ok: false, text: found.text }, ...checkPermissions([])]
    : [interfacesFound(only, found), ...checkPermissions(found)];
}

function interfacesFound(only: readonly string[], found: readonly FoundInterface[]): Finding {
  const names = found.map(({ name }) => name);
  const missing = only.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const list = missing.join(', ');
    return bad(
      'interfaces',
      `WGQL_INTERFACES names ${list}, which does not exist; start it, or correct the setting.`,
      `WGQL_INTERFACES 指定的 ${list} 不存在；请启动它，或修正设置。`,
    );
  }
  if (names.length === 0) {
    return bad(
      'interfaces',
      'There is no WireGuard interface; start one, for example with "systemctl start wg-quick@wg0".',
      '没有 WireGuard 接口；请启动一个，例如 "systemctl start wg-quick@wg0"。',
    );
  }
  const list = names.join(', ');
  return good('interfaces', `Found ${list}.`, `已找到 ${list}。`);
}

function checkPermissions(found: readonly FoundInterface[]): Finding[] {
  const userspace = found.filter(({ socketPath }) => socketPath !== null).map(({ name }) => name);
  const netAdmin = hasNetAdmin()
    ? good(
        'CAP_NET_ADMIN',
        'This process may control WireGuard and nftables.',
        '此进程可以控制 WireGuard 和 nftables。',
      )
    : bad(
        'CAP_NET_ADMIN',
        'This process may not control WireGuard and nftables; run it as root, or give it CAP_NET_ADMIN.',
        '此进程无权控制 WireGuard 和 nftables；请以 root 运行，或授予 CAP_NET_ADMIN。',
      );
  if (userspace.length === 0) return [netAdmin];
  const list = userspace.join(', ');
  return [
    netAdmin,
    mayPassPermissions()
      ? good(
          'CAP_DAC_OVERRIDE',
          `This process may open the sockets of ${list}.`,
          `此进程可以打开 ${list} 的套接字。`,
        )
      : bad(
          'CAP_DAC_OVERRIDE',
          `The daemons of ${list} have sockets of root; run wgql as root, or give it CAP_DAC_OVERRIDE.`,
          `${list} 的守护进程的套接字属于 root；请以 root 运行 wgql，或授予 CAP_DAC_OVERRIDE。`,
        ),
  ];
}
