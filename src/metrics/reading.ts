import { CUT_REASONS, type CutReason } from '../domain/enforcement/policy.ts';
import { type Family, single } from './family.ts';
import { labelsOf } from './labels.ts';
import type { Peer } from './peers.ts';

/** What the program knows at one moment, besides what `Instruments` counted. */
export interface Reading {
  readonly nowMs: number;
  readonly peers: readonly Peer[];
  readonly interfaces: readonly InterfaceReading[];
  /** Users whose peer must still be changed, by the reason why it must be off; `CONFIGURATION`: it must be on. */
  readonly pending: ReadonlyMap<PendingReason, number>;
  /** Managed users whose peer was removed by others. */
  readonly missingUsers: number;
  /** Webhooks that receive nothing because they did not accept messages. */
  readonly disabledWebhooks: number;
  /** When WireGuard was last read and the result recorded, in milliseconds since 1970; null means never. */
  readonly lastPollMs: number | null;
  readonly isStale: boolean;
  /** false: what was read last could not be written to the database. */
  readonly isWritten: boolean;
  /** The interfaces and the users are simulated. */
  readonly isDemo: boolean;
  readonly version: string;
  readonly nodeVersion: string;
}

export interface InterfaceReading {
  readonly name: string;
  readonly isUp: boolean;
  readonly configured: number;
  readonly enabled: number;
  readonly connected: number;
}

export type PendingReason = CutReason | 'CONFIGURATION';

export const PENDING_REASONS: readonly PendingReason[] = [...CUT_REASONS, 'CONFIGURATION'];

/** The metrics of a reading that are not of single peers. */
export function familiesOf(reading: Reading): Family[] {
  const { interfaces, pending, lastPollMs, version, nodeVersion } = reading;
  const byInterface = (
    name: string,
    help: string,
    valueFor: (one: InterfaceReading) => number,
  ): Family => ({
    name,
    type: 'gauge',
    help,
    samples: interfaces.map((one) => ({
      labels: labelsOf({ interface: one.name }),
      value: valueFor(one),
    })),
  });
  return [
    byInterface('wireguard_configured_peers', 'Users of the interface', (one) => one.configured),
    byInterface(
      'wireguard_enabled_peers',
      'Users of the interface that are enabled',
      (one) => one.enabled,
    ),
    byInterface(
      'wireguard_connected_peers',
      'Users of the interface that are online',
      (one) => one.connected,
    ),
    byInterface('wgql_interface_up', 'Whether the interface exists', ({ isUp }) => (isUp ? 1 : 0)),
    {
      name: 'wgql_enforcement_pending',
      type: 'gauge',
      help: 'Users whose required state is not applied yet, by the reason why they must be off; CONFIGURATION: they must be on',
      samples: PENDING_REASONS.map((reason) => ({
        labels: labelsOf({ reason }),
        value: pending.get(reason) ?? 0,
      })),
    },
    single(
      'wgql_missing_users',
      'Managed users whose peer was removed by others',
      reading.missingUsers,
    ),
    single(
      'wgql_disabled_webhooks',
      'Webhooks that receive nothing because they did not accept messages',
      reading.disabledWebhooks,
    ),
    single(
      'wgql_last_successful_poll_time_seconds',
      'UNIX timestamp seconds of the last poll that was read and recorded',
      lastPollMs === null ? null : lastPollMs / 1000,
    ),
    single(
      'wgql_stale',
      'Whether something was not read for longer than the online window',
      reading.isStale ? 1 : 0,
    ),
    single(
      'wgql_database_writable',
      'Whether what was read last could be written to the database',
      reading.isWritten ? 1 : 0,
    ),
    single('wgql_demo', 'Whether interfaces and users are simulated', reading.isDemo ? 1 : 0),
    {
      name: 'wgql_build_info',
      type: 'gauge',
      help: 'The versions of wgql and Node.js; the value is 1',
      samples: [{ labels: labelsOf({ version, node: nodeVersion }), value: 1 }],
    },
  ];
}
