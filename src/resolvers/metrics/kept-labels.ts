import { type PeerLabels, type PeerName, peerLabels } from '../../metrics/peers.ts';

interface Kept {
  readonly interface: string | null;
  readonly which: PeerLabels;
  readonly labels: string;
}

const kept = new WeakMap<object, Kept>();

/**
 * The labels of a user, kept until it changes: what most polls change is not in them.
 *
 * @param steady the same object until more of the user changes than what it has moved
 */
export function keptLabels(
  steady: object,
  user: PeerName,
  interfaceName: string | null,
  which: PeerLabels,
): string {
  const known = kept.get(steady);
  if (known?.interface === interfaceName && known.which === which) return known.labels;
  const labels = peerLabels(user, interfaceName, which);
  kept.set(steady, { interface: interfaceName, which, labels });
  return labels;
}
