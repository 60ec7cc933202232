import { calendarOf } from '../domain/time/calendar.ts';
import { expiryOf } from './expiry.ts';
import { type Imported, newImport, type RawPeer } from './imported.ts';
import { type Row, type Tables, withTables } from './tables.ts';
import { LEFT, PROBLEMS } from './texts.ts';

const TABLE = 'clients_table';

/** Older versions do not have all of them. */
const COLUMNS = [
  'name',
  'interface_id',
  'public_key',
  'pre_shared_key',
  'ipv4_address',
  'ipv6_address',
  'server_allowed_ips',
  'enabled',
  'expires_at',
] as const;

type Client = Row<(typeof COLUMNS)[number]>;

/** SQLite writes times in UTC. */
const UTC = calendarOf('UTC');

/** Reads the `wg-easy.db` of wg-easy 15. */
export function readWgEasyDatabase(path: string): Imported {
  return withTables(path, (tables) => {
    const builder = newImport();
    for (const text of leftOf(tables)) builder.leave(text);
    for (const client of tables.rowsOf(TABLE, COLUMNS)) builder.add(peerOf(client));
    return builder.end();
  });
}

export function isWgEasyDatabase({ names, columnsOf }: Tables): boolean {
  return names.includes(TABLE) && columnsOf(TABLE).has('public_key');
}

function leftOf({ names, columnsOf }: Tables) {
  return [
    LEFT.interfaceSettings,
    LEFT.clientSettings,
    LEFT.hooks,
    ...(names.includes('users_table') ? [LEFT.accounts] : []),
    ...(columnsOf(TABLE).has('private_key') ? [LEFT.privateKeys] : []),
    ...(columnsOf(TABLE).has('server_endpoint') ? [LEFT.endpoints] : []),
  ];
}

function peerOf(client: Client): RawPeer {
  const expiresAt = expiryOf(client.expires_at, UTC);
  const extra = listIn(client.server_allowed_ips);
  // The order in which wg-easy writes them.
  const addresses = [client.ipv4_address, client.ipv6_address].filter(
    (address) => address !== null,
  );
  return {
    publicKey: client.public_key,
    interface: client.interface_id,
    nickname: client.name,
    enabled: client.enabled !== 0,
    expiresAt: expiresAt ?? null,
    allowedIps: [...addresses, ...(extra ?? [])],
    presharedKey: client.pre_shared_key,
    ...(extra === undefined && { problem: PROBLEMS.allowedIps }),
    ...(expiresAt === undefined && { problem: PROBLEMS.expiry }),
  };
}

/** A list in JSON; undefined if it is not one. */
function listIn(json: unknown): readonly unknown[] | undefined {
  if (json === null || json === '') return [];
  try {
    const list: unknown = JSON.parse(String(json));
    if (list === null) return [];
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
