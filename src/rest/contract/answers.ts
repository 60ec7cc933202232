import * as z from 'zod';

/** The bodies of all successful responses. Properties are written in this order. */

const time = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const flag = z.literal([0, 1]).meta({ type: 'integer' });
const count = z.int().min(0);
/** JSON Schema has no exact type for it; `format` is what generators of clients go by. */
const bytes = z.bigint().meta({ type: 'integer', format: 'int64', minimum: 0 });

const id = z.int().min(1);
const publicKey = z.string().describe('The public key of the WireGuard peer, base64.');
const nickname = z.string().describe('The name of the user.');
const loginIp = z
  .string()
  .describe('The address of the last endpoint, without its port, kept when offline; `""` if none.');

const identity = {
  id: id.describe('The id of the user.'),
  peer_pubkey: publicKey,
  nickname,
  mail: z.string().describe('The mail address; `""` if unset, or if the client may not see it.'),
  phone: z.string().describe('The phone number; `""` if unset, or if the client may not see it.'),
  login_ip: loginIp,
};
const online = flag.describe('1 while the user is online.');
const enabled = flag.describe('0 if an administrator disabled the user.');
const totals = {
  total_rx: bytes.describe('Bytes received from the user since the last reset.'),
  total_tx: bytes.describe('Bytes sent to the user since the last reset.'),
};
const lastLogin = time.nullable().describe('Start of the latest session; null if there was none.');

export const userAnswer = z
  .object({
    ...identity,
    bandwidth_limit: count.describe('KB/s (1024 bytes) in each direction; 0 is no limit.'),
    data_limit: count.describe('MB (1048576 bytes), both directions together; 0 is no limit.'),
    expiry_date: time.nullable().describe('When the user expires; null is never.'),
    status: online,
    enabled,
    ...totals,
    last_login: lastLogin,
    created_at: time.describe('When the user was created.'),
    updated_at: time.describe('When an administrator last changed the user.'),
  })
  .meta({ id: 'User', description: 'A user, which is one WireGuard peer.' });

export const managedUserAnswer = z
  .object({
    ...identity,
    status: online,
    enabled,
    is_online: online,
    ...totals,
    last_login: lastLogin,
    session_start: time.nullable().describe('Start of the open session; null when offline.'),
  })
  .meta({ id: 'ManagedUser', description: 'A user with its presence.' });

export const sessionAnswer = z
  .object({
    id: id.describe('The id of the session.'),
    user_id: id.describe('The id of its user.'),
    nickname,
    peer_pubkey: publicKey,
    start_time: time.describe('When the session started.'),
    end_time: time.nullable().describe('When it ended; null while it is open.'),
    last_update: time.describe('When the user was last known to be online in it.'),
    session_rx: bytes.describe('Bytes received from the user in the session.'),
    session_tx: bytes.describe('Bytes sent to the user in the session.'),
    duration_seconds: count.describe('Its length, until now if it is open.'),
    login_ip: loginIp,
    endpoint_info: z.string().describe('The last endpoint as `ip:port`; `""` if none.'),
    status: z.enum(['ONLINE', 'OFFLINE']).describe('`ONLINE` while the session is open.'),
  })
  .meta({ id: 'Session', description: 'A period in which a user was online.' });

const interfaceAnswer = z
  .object({
    name: z.string().describe('The name of the interface.'),
    public_key: z.string().describe('Its public key; `""` if unknown.'),
    listen_port: count.nullable().describe('Its UDP port; null if unknown.'),
    peers: count.describe('The number of its peers.'),
    online: count.describe('The number of its users that are online.'),
    rx: bytes.describe('Bytes received from its peers.'),
    tx: bytes.describe('Bytes sent to its peers.'),
    up: flag.describe('1 while the interface exists.'),
  })
  .meta({ id: 'Interface', description: 'An interface that is or was monitored.' });

export const statusAnswer = z
  .object({
    interface: z.string().describe('The names of the interfaces that are up, joined by commas.'),
    max_handshake_age: z
      .number()
      .describe('A user is online for so many seconds after its last proof of life.'),
    total: count.describe('The number of users.'),
    online: count.describe('The number of users that are online.'),
    active_sessions: count.describe('The number of open sessions.'),
    running: flag.describe('1 while WireGuard is polled.'),
    interfaces: z.array(interfaceAnswer).describe('Every interface that was ever monitored.'),
    last_poll: time.nullable().describe('The last successful poll; null if there was none.'),
    poll_interval: z.number().describe('Seconds between two polls.'),
    uptime_seconds: count.describe('Seconds since the program started.'),
    version: z.string().describe('The version of the program.'),
    stale: flag.describe('1 if WireGuard has not been read for so long that presence is unknown.'),
    managing: flag.describe('1 if the program may change WireGuard.'),
    demo: flag.describe('1 if this is the demo.'),
    missing: count.describe('The number of managed users whose peer others removed.'),
    last_error: z.string().nullable().describe('The current problem; null if there is none.'),
  })
  .meta({ id: 'Status', description: 'The state of the program and of the interfaces.' });

export const dashboardAnswer = z
  .object({
    total_users: count.describe('The number of users.'),
    online_users: count.describe('The number of users that are online.'),
    active_sessions: count.describe('The number of open sessions.'),
    total_rx: bytes.describe('Bytes received from all users.'),
    total_tx: bytes.describe('Bytes sent to all users.'),
    today_rx: bytes.describe('Bytes received today.'),
    today_tx: bytes.describe('Bytes sent today.'),
    uptime_start: time.nullable().describe('When the record of this database begins.'),
  })
  .meta({ id: 'Dashboard', description: 'Key numbers. Days are those of the configured zone.' });

export const dayAnswer = z
  .object({
    date: day.describe('The day, in the configured time zone.'),
    total_rx: bytes.describe('Bytes received on the day.'),
    total_tx: bytes.describe('Bytes sent on the day.'),
  })
  .meta({ id: 'DayOfTraffic', description: 'The traffic of all users on one day.' });

const message = z.string().describe('A sentence for people, in Chinese or English.');

export const doneAnswer = z
  .object({
    status: z
      .enum(['success', 'info'])
      .describe('`info` if there was nothing to do: the user to kick was offline.'),
    message,
  })
  .meta({ id: 'Done', description: 'The change was recorded.' });

export const createdAnswer = z
  .object({
    status: z.literal('success'),
    message,
    user_id: id.describe('The id of the new user.'),
  })
  .meta({ id: 'Created', description: 'The user was recorded.' });
