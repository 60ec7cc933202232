import { withTimeLimit } from '../async/deadline.ts';
import type { Config } from '../config/config.ts';
import type { Finding } from './finding.ts';
import { checkEndpoint, checkForwarding, checkPort } from './network.ts';
import { checkNode, checkPrograms } from './programs.ts';
import { checkDatabase, checkKeyFile, checkTimeZone } from './storage.ts';
import { checkWireGuard } from './wireguard.ts';

const WITHIN_MS = 20_000;

/** Checks all that wgql needs of this machine. Changes nothing. `url` is where a server with these settings listens. */
export function examine(config: Config, url: string): Promise<Finding[]> {
  return withTimeLimit(WITHIN_MS, null, async (stop) => [
    checkNode(process.versions.node),
    ...(await checkPrograms(stop, config)),
    ...(await checkWireGuard(config.interfaces, stop)),
    ...(await checkForwarding(stop)),
    ...(config.manage ? [await checkEndpoint(config, stop)] : []),
    await checkPort(config, url, stop),
    checkTimeZone(config),
    await checkDatabase(config),
    await checkKeyFile(config),
  ]);
}
