import { withTimeLimit } from '../async/deadline.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import type { Finding } from './finding.ts';
import { checkEndpoint, checkForwarding, checkPort } from './network.ts';
import { checkNode, checkPrograms } from './programs.ts';
import { checkDatabase, checkKeyFile, checkTimeZone, withStoredEndpoint } from './storage.ts';
import { checkWireGuard, type Found, findInterfaces, toolsFor } from './wireguard.ts';

const WITHIN_MS = 20_000;

/** Checks all that wgql needs of this machine. Changes nothing. `url` is where a server with these settings listens. */
export function examine(config: Config, url: string): Promise<Finding[]> {
  return withTimeLimit(WITHIN_MS, null, async (stop) => {
    const found = await findInterfaces(config.interfaces, stop);
    const { manage } = config;
    return [
      checkNode(process.versions.node),
      ...(await checkPrograms(stop, { manage, tools: toolsFor(found) })),
      ...checkWireGuard(config.interfaces, found),
      ...(await checkForwarding(stop)),
      ...(manage ? [await endpointOf(config, found, stop)] : []),
      await checkPort(config, url, stop),
      checkTimeZone(config),
      await checkDatabase(config),
      await checkKeyFile(config),
    ];
  });
}

async function endpointOf(config: Config, found: Found, stop: AbortSignal): Promise<Finding> {
  const names = found instanceof AppError ? [] : found.map(({ name }) => name);
  return checkEndpoint(config, await withStoredEndpoint(config, names), stop);
}
