import { AppError, type Text } from '../errors.ts';
import { isEndpoint } from '../prefix.ts';
import { attempt } from './attempt.ts';
import type { NetworksOf } from './networks.ts';
import type { PeerCommands, PeerConfig } from './peer-commands.ts';
import type { PeerStep } from './plan-types.ts';
import type { PeerPolicy } from './policy.ts';
import type { PolicyStore } from './policy-store.ts';

/** Silences peers or takes them off, those of one interface with one command. */
export async function takeAway(
  how: PeerCommands['silence' | 'remove'],
  removals: readonly PeerStep[],
  failures: Map<number, Text>,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, steps] of group(removals)) {
    const keys = steps.map(({ policy }) => policy.publicKey);
    await attempt(
      () => how(name, keys, signal),
      (text) => {
        for (const { policy } of steps) failures.set(policy.userId, text);
      },
    );
  }
}

function group(steps: readonly PeerStep[]): Map<string, PeerStep[]> {
  const groups = new Map<string, PeerStep[]>();
  for (const step of steps) {
    const own = groups.get(step.interface);
    if (own === undefined) groups.set(step.interface, [step]);
    else own.push(step);
  }
  return groups;
}

/** Adds peers or corrects them; one whose secret or address cannot be had fails alone. */
export async function putPeers(
  { commands, policies: store, networksOf }: PutOptions,
  puts: readonly PeerStep[],
  failures: Map<number, Text>,
  configured: Set<number>,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, steps] of group(puts)) {
    const configs: PeerConfig[] = [];
    const users: number[] = [];
    for (const { policy, isPresent } of steps) {
      await attempt(
        async () => {
          configs.push(await configOf(policy, isPresent, store, name, networksOf));
          users.push(policy.userId);
        },
        (text) => {
          failures.set(policy.userId, text);
        },
      );
    }
    await putTogether(commands, name, configs, users, failures, configured, signal);
  }
}

/** With one command; where that fails one at a time, so that one bad peer keeps no other off. */
async function putTogether(
  commands: PeerCommands,
  name: string,
  configs: readonly PeerConfig[],
  users: readonly number[],
  failures: Map<number, Text>,
  configured: Set<number>,
  signal: AbortSignal,
): Promise<void> {
  if (configs.length === 0) return;
  await attempt(
    async () => {
      await commands.put(name, configs, signal);
      for (const userId of users) configured.add(userId);
    },
    async (text) => {
      if (configs.length === 1) {
        failures.set(users[0] as number, text);
        return;
      }
      for (const [index, config] of configs.entries()) {
        const user = [users[index] as number];
        await putTogether(commands, name, [config], user, failures, configured, signal);
      }
    },
  );
}

async function configOf(
  policy: PeerPolicy,
  isPresent: boolean,
  store: PolicyStore,
  interfaceName: string,
  networksOf: NetworksOf,
): Promise<PeerConfig> {
  const { publicKey, sealedPresharedKey, persistentKeepaliveSeconds, endpoint } = policy;
  if (!policy.captured) throw new AppError('UNAVAILABLE', KEY_UNKNOWN);
  const allowedIps =
    policy.allowedIps ?? (await newAddresses(policy, store, interfaceName, networksOf));
  return {
    publicKey,
    allowedIps,
    persistentKeepaliveSeconds,
    endpoint: !isPresent && endpoint !== null && isEndpoint(endpoint) ? endpoint : null,
    presharedKey: sealedPresharedKey === null ? null : store.open(sealedPresharedKey),
  };
}

function newAddresses(
  { userId }: PeerPolicy,
  store: PolicyStore,
  interfaceName: string,
  networksOf: NetworksOf,
): Promise<readonly string[]> {
  const networks = networksOf(interfaceName);
  if (networks.length === 0) throw new AppError('UNAVAILABLE', NO_NETWORK);
  return store.allocate(userId, interfaceName, networks);
}

const KEY_UNKNOWN: Text = {
  en: 'It is not known whether the peer has a preshared key, so it is not put on without one; set presharedKey, or null for none.',
  zh: '尚不知道该对端是否有预共享密钥，因此不会在没有密钥的情况下添加；请设置 presharedKey，或设为 null 表示没有。',
};

const NO_NETWORK: Text = {
  en: 'The interface has no network of its own to take an address from; give allowedIps.',
  zh: '接口没有可分配地址的网段；请指定 allowedIps。',
};

interface PutOptions {
  readonly commands: PeerCommands;
  readonly policies: PolicyStore;
  readonly networksOf: NetworksOf;
}
