import { AppError, type Text } from '../errors.ts';
import { attempt } from './attempt.ts';
import type { NetworksOf } from './networks.ts';
import type { PeerCommands, PeerConfig } from './peer-commands.ts';
import type { PeerStep } from './plan.ts';
import type { PeerPolicy } from './policy.ts';
import type { PolicyStore } from './policy-store.ts';

/** Takes peers off, those of one interface with one command. */
export async function removePeers(
  commands: PeerCommands,
  removals: readonly PeerStep[],
  failures: Map<number, Text>,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, steps] of group(removals)) {
    const keys = steps.map(({ policy }) => policy.publicKey);
    await attempt(
      () => commands.remove(name, keys, signal),
      (text) => {
        for (const { policy } of steps) failures.set(policy.userId, text);
      },
    );
  }
}

function group(steps: readonly PeerStep[]): Map<string, PeerStep[]> {
  const groups = new Map<string, PeerStep[]>();
  for (const step of steps)
    groups.set(step.interface, [...(groups.get(step.interface) ?? []), step]);
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
          configs.push(await configOf(policy, isPresent, store, networksOf(name)));
          users.push(policy.userId);
        },
        (text) => failures.set(policy.userId, text),
      );
    }
    if (configs.length === 0) continue;
    await attempt(
      async () => {
        await commands.put(name, configs, signal);
        for (const userId of users) configured.add(userId);
      },
      (text) => {
        for (const userId of users) failures.set(userId, text);
      },
    );
  }
}

async function configOf(
  policy: PeerPolicy,
  isPresent: boolean,
  store: PolicyStore,
  networks: readonly string[],
): Promise<PeerConfig> {
  const { publicKey, sealedPresharedKey, persistentKeepaliveSeconds, endpoint } = policy;
  const allowedIps = policy.allowedIps ?? (await store.allocate(policy.userId, networks));
  if (allowedIps === null) throw new AppError('UNAVAILABLE', NO_ADDRESS);
  return {
    publicKey,
    allowedIps,
    persistentKeepaliveSeconds,
    endpoint: isPresent ? null : endpoint,
    presharedKey: sealedPresharedKey === null ? null : store.open(sealedPresharedKey),
  };
}

const NO_ADDRESS: Text = {
  en: 'The networks of the interface have no free address; give allowedIps.',
  zh: '接口的网段没有空闲地址；请指定 allowedIps。',
};

interface PutOptions {
  readonly commands: PeerCommands;
  readonly policies: PolicyStore;
  readonly networksOf: NetworksOf;
}
