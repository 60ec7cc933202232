import type { PeerStep } from '../../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { PolicyStore } from '../../../domain/enforcement/policy-store.ts';
import { AppError, type Text } from '../../../domain/errors.ts';
import { NO_NETWORK } from '../../../domain/wireguard/free-addresses.ts';
import { isEndpoint } from '../../../domain/wireguard/prefix.ts';
import type { PeerCommands, PeerConfig } from '../../command/peers.ts';
import type { NetworksOf } from '../../host-networks.ts';
import { catchAppError } from '../catch-app-error.ts';
import { addFailure, type Failures } from '../failures.ts';
import { byInterface } from './by-interface.ts';
import { together } from './together.ts';

/** A peer that is about to be added to an interface, or corrected there. */
export interface PreparedWrite extends PeerStep {
  readonly config: PeerConfig;
}

interface Sources {
  readonly policies: PolicyStore;
  readonly networksOf: NetworksOf;
  /** The interfaces' own keys, by name. */
  readonly ownKeys: ReadonlyMap<string, string | null>;
}

/**
 * Prepares the write of each peer; a peer whose secret cannot be decrypted or that gets no address fails
 * alone.
 */
export async function prepareWrites(
  { policies: store, networksOf, ownKeys }: Sources,
  steps: readonly PeerStep[],
  failures: Failures,
): Promise<PreparedWrite[]> {
  const ready: PreparedWrite[] = [];
  for (const step of steps) {
    await catchAppError(
      async () => {
        // WireGuard would ignore it without an error.
        if (ownKeys.get(step.interface) === step.policy.publicKey) {
          throw new AppError('UNAVAILABLE', OWN_KEY);
        }
        const config = await configOf(step, store, networksOf);
        ready.push({ ...step, config });
      },
      (text) => {
        addFailure(failures, step.policy.userId, text);
      },
    );
  }
  return ready;
}

/**
 * Adds or corrects peers, and returns those that were accepted. The interfaces do not wait for each other.
 */
export async function writePeers(
  commands: PeerCommands,
  writes: readonly PreparedWrite[],
  failures: Failures,
  signal: AbortSignal,
): Promise<PreparedWrite[]> {
  const configsOf = (some: readonly PreparedWrite[]) => some.map(({ config }) => config);
  const done = await Promise.all(
    [...byInterface(writes)].map(([name, own]) =>
      together(
        own,
        (some) => commands.write(name, configsOf(some), signal),
        ({ policy }, refusal) => addFailure(failures, policy.userId, refusal),
      ),
    ),
  );
  return done.flat();
}

async function configOf(
  { policy, isPresent, interface: name }: PeerStep,
  store: PolicyStore,
  networksOf: NetworksOf,
): Promise<PeerConfig> {
  const { publicKey, sealedPresharedKey, persistentKeepaliveSeconds, endpoint } = policy;
  if (!policy.presharedKeyKnown) throw new AppError('UNAVAILABLE', KEY_UNKNOWN);
  const allowedIps = policy.allowedIps ?? (await newAddresses(policy, store, name, networksOf));
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

const OWN_KEY: Text = {
  en: 'The public key is that of the interface itself; delete the user and create it again with the public key of the client.',
  zh: '该公钥是接口自己的公钥；请删除该用户，并使用客户端的公钥重新创建。',
};

const KEY_UNKNOWN: Text = {
  en: 'It is not known whether the peer has a preshared key, so it is not added without one; set presharedKey, or set it to null for none.',
  zh: '无法确定该对等节点是否有预共享密钥，因此不会在没有密钥的情况下添加它；请设置 presharedKey，若没有则设为 null。',
};
