import { AppError } from '../../domain/errors.ts';
import { nextFreeAddresses, noFreeAddress } from '../../domain/wireguard/free-addresses.ts';
import type { AllowedIpOwner } from '../../store/enforcement/allowed-ip-owners.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';

/**
 * The prefixes of a new user: those given, if nobody holds them; else the next free address of each
 * of the interface's own networks. Without an interface that is up they wait for one.
 */
export async function addressesFor(
  ctx: Context,
  fields: UserFields,
  holder: UserRecord | null,
  others: () => Promise<readonly AllowedIpOwner[]>,
): Promise<Pick<UserFields, 'allowedIps'>> {
  if (fields.allowedIps != null) {
    refuseHeldPrefixes(fields.allowedIps, await others());
    return {};
  }
  if (holder?.allowedIps) {
    refuseHeldPrefixes(holder.allowedIps, await others());
    return {};
  }
  const assigned = fields.interface ?? holder?.interface ?? null;
  const networks = assigned === null ? [] : ctx.networks.networksOf(assigned);
  if (assigned === null || networks.length === 0) return {};
  const taken = (await others()).flatMap(({ prefixes }) => prefixes);
  const { addresses, full } = nextFreeAddresses(networks, taken);
  if (full.length > 0) throw new AppError('CONFLICT', noFreeAddress(assigned, full));
  return { allowedIps: addresses.join(',') };
}

/** WireGuard would move a prefix silently to whoever is given it last. */
export function refuseHeldPrefixes(allowedIps: string, others: readonly AllowedIpOwner[]): void {
  for (const prefix of allowedIps.split(',').filter((one) => one !== '')) {
    const holder = others.find(({ prefixes }) => prefixes.includes(prefix));
    if (holder === undefined) continue;
    const name = holder.nickname === '' ? '' : ` (${holder.nickname})`;
    throw new AppError('CONFLICT', {
      en: `${prefix} already belongs to the user ${holder.id}${name}; give another prefix.`,
      zh: `${prefix} 已属于用户 ${holder.id}${name}；请使用其他地址。`,
    });
  }
}
