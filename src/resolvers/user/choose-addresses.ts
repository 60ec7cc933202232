import { AppError } from '../../domain/errors.ts';
import { nextFreeAddresses, noFreeAddress } from '../../domain/wireguard/free-addresses.ts';
import type { AllowedIpOwner } from '../../store/enforcement/allowed-ip-owners.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';

/**
 * Chooses the prefixes of a new user: the given ones, if no other user has them; otherwise the next free
 * address in each network of the interface. If no interface is up, assignment waits until one is.
 */
export async function chooseAddresses(
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

/** Rejects prefixes of other users: WireGuard would silently move a prefix to the peer that gets it last. */
export function refuseHeldPrefixes(allowedIps: string, others: readonly AllowedIpOwner[]): void {
  for (const prefix of allowedIps.split(',').filter((one) => one !== '')) {
    const holder = others.find(({ prefixes }) => prefixes.includes(prefix));
    if (holder === undefined) continue;
    const name = holder.nickname === '' ? '' : ` (${holder.nickname})`;
    throw new AppError('CONFLICT', {
      en: `${prefix} already belongs to the user ${holder.id}${name}; use another prefix.`,
      zh: `${prefix} 已属于用户 ${holder.id}${name}；请使用其他前缀。`,
    });
  }
}
