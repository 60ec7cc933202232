import type { BandwidthLimit, QuotaBackstop, WantedControl } from './nft/traffic-control.ts';
import type { PeerPolicy } from './policy.ts';
import type { PeerReading } from './reading.ts';

/** What nftables shall hold, for peers where they are now: limits of a peer that is off need no rule. */
export function wantedControl(
  policies: readonly PeerPolicy[],
  reads: ReadonlyMap<string, ReadonlyMap<string, PeerReading>>,
): WantedControl {
  const limited = policies.filter(
    ({ bandwidthBytesPerSecond, quotaLimitBytes }) =>
      bandwidthBytesPerSecond > 0n || quotaLimitBytes !== null,
  );
  if (limited.length === 0) return { bandwidth: [], quotas: [], prefixes: [] };

  const bandwidth: BandwidthLimit[] = [];
  const quotas: QuotaBackstop[] = [];
  const ids = new Map(policies.map(({ publicKey, userId }) => [publicKey, userId]));
  const prefixes: WantedControl['prefixes'][number][] = [];
  for (const [name, peers] of reads) {
    let stranger = -1;
    for (const { publicKey, allowedIps } of peers.values()) {
      prefixes.push({
        interface: name,
        userId: ids.get(publicKey) ?? stranger--,
        prefixes: allowedIps,
      });
    }
    for (const policy of limited) {
      const peer = peers.get(policy.publicKey);
      if (peer === undefined) continue;
      const { userId, bandwidthBytesPerSecond: bytesPerSecond, quotaLimitBytes } = policy;
      const place = { userId, interface: name, prefixes: peer.allowedIps };
      if (bytesPerSecond > 0n) bandwidth.push({ ...place, bytesPerSecond });
      if (quotaLimitBytes !== null) {
        const left = quotaLimitBytes - policy.quotaUsedBytes;
        const bytesLeft = left > 0n ? left : 0n;
        quotas.push({ ...place, bytesLeft, seed: `${policy.quotaMarkAtMs}:${quotaLimitBytes}` });
      }
    }
  }
  return { bandwidth, quotas, prefixes };
}
