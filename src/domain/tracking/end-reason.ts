import { CUT_REASONS, type CutReason } from '../enforcement/policy.ts';

/** Why wgql removes a peer. */
export type RemovalReason = CutReason | 'KICKED' | 'MOVED';

/** Why a session ended: an observation in WireGuard, or the reason why wgql removed the peer. */
export const END_REASONS = [
  'TIMEOUT',
  'MONITOR_GAP',
  'PEER_REMOVED',
  'INTERFACE_DOWN',
  ...CUT_REASONS,
  'KICKED',
  'MOVED',
] as const;
export type EndReason = (typeof END_REASONS)[number];
