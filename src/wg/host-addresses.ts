import { isIP } from 'node:net';
import type { Text } from '../domain/errors.ts';
import { CommandError, type CommandFailure, runCommand } from './command/run.ts';

/** An address of one of this machine's network devices. */
export interface HostAddress {
  readonly device: string;
  /** With the length of its network, such as `10.8.0.1/24`. */
  readonly prefix: string;
  /** false: it may be removed soon, or is not in use yet. */
  readonly isLasting: boolean;
}

/** The addresses of all devices, or the reason why they are not known. */
export type AddressListing = readonly HostAddress[] | Text;

const LISTED_WITHIN_MS = 2_000;

/**
 * Lists the addresses of this network namespace. `os.networkInterfaces` is not used, because it collects them
 * in a plain object by device name, and a device may be named `constructor` or `__proto__`.
 */
export async function listAddresses(stop: AbortSignal): Promise<AddressListing> {
  try {
    const args = ['-o', 'addr', 'show'];
    const { stdout } = await runCommand('ip', args, { stop, withinMs: LISTED_WITHIN_MS });
    return parseAddresses(stdout);
  } catch (error) {
    if (error instanceof CommandError) return whyUnknown(error.failure);
    throw error;
  }
}

/** `2: eth0    inet 192.0.2.5/24 brd 192.0.2.255 scope global eth0\       valid_lft …`, one on each line. */
export function parseAddresses(output: string): HostAddress[] {
  return output.split('\n').flatMap((line) => {
    const [, device, address, peerLength, ownLength, details = ''] =
      /^\d+: +(\S+) +inet6? ([\d.:a-f]+)(?: peer [\d.:a-f]+\/(\d+)|\/(\d+))?( [^\\]*)?/.exec(
        line,
      ) ?? [];
    if (device === undefined || address === undefined || isIP(address) === 0) return [];
    const isIpv6 = address.includes(':');
    // Every device has a link-local address, in the same network as those of all others.
    if (isIpv6 && / scope link\b/.test(details)) return [];
    const length = ownLength ?? peerLength ?? (isIpv6 ? '128' : '32');
    const isLasting = !/ (deprecated|temporary|tentative|dadfailed)\b/.test(details);
    return [{ device, prefix: `${address}/${length}`, isLasting }];
  });
}

function whyUnknown(failure: CommandFailure): Text {
  if (failure === 'missing') return NO_IP;
  return {
    en: 'The addresses of this machine are not known, because the command "ip" failed to list them; check "ip addr show", and try again after the next poll.',
    zh: '命令 "ip" 未能列出本机的地址，因此地址未知；请检查 "ip addr show"，并在下次轮询后重试。',
  };
}

const NO_IP: Text = {
  en: 'The addresses of this machine are not known, because the command "ip" was not found; install iproute2.',
  zh: '找不到命令 "ip"，因此本机的地址未知；请安装 iproute2。',
};
