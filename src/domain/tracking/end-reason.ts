import { CUT_REASONS, type CutReason } from '../enforcement/policy.ts';

/** Why the program removes a peer. */
export type RemovalReason = CutReason | 'KICKED' | 'MOVED';

/** Why a session ended: what was seen in WireGuard, or why the program removed the peer. */
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
