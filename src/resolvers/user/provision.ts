import { renderSVG } from 'uqr';
import * as z from 'zod';
import { type Endpoint, parseEndpoint } from '../../domain/endpoint.ts';
import { AppError, invalidField, type Text } from '../../domain/errors.ts';
import { NO_NETWORK } from '../../domain/wireguard/free-addresses.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import { clientConfigText, ownAddresses } from '../../wg/client-config.ts';
import { newKeyPair, newPresharedKey } from '../../wg/keys.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { clientDefaultsOf } from '../interface/client-defaults.ts';
import { useCase } from '../use-case.ts';
import { chooseInterface } from './choose-interface.ts';
import { newUser } from './create.ts';
import { userInput } from './input.ts';
import { requireManageMode } from './manage-mode.ts';

/** A new user and its client configuration, which is returned only once. */
export interface Provisioned {
  readonly user: UserRecord;
  /** Contains the private key, which is not stored. */
  readonly configuration: string;
  readonly qrSvg: string;
}

/** The capacity of the largest QR code at the lowest error correction level (version 40-L, byte mode). */
const MAX_QR_BYTES = 2953;

/** Creates a user with a generated key pair. The interface must be up, because its key is needed. */
export const provisionUser = useCase(
  'provisionUser',
  'operator',
  userInput.omit({ presharedKey: true }).extend({
    endpoint: z.string().max(300).nullish(),
    dns: input.addresses.nullish(),
    clientAllowedIps: input.allowedIps.nullish(),
    mtu: input.mtu.nullish(),
  }),
  async (ctx, { endpoint, dns, clientAllowedIps, mtu, ...given }): Promise<Provisioned> => {
    requireManageMode(ctx, ['publicKey']);
    const server = await serverOf(ctx, given.interface ?? null);
    // Checked before the keys are generated: a configuration without an address would be useless.
    if (given.allowedIps == null && ctx.networks.networksOf(server.name).length === 0) {
      throw new AppError('UNAVAILABLE', NO_NETWORK);
    }
    const defaults = await clientDefaultsOf(ctx, server.name);
    const reachedAt = await endpointOf(ctx, endpoint ?? defaults.endpoint, server);
    const { privateKey, publicKey } = newKeyPair();
    const presharedKey = newPresharedKey();
    const created = { ...given, interface: server.name, publicKey, presharedKey };
    const shown = { configuration: '', qrSvg: '' };
    // If the configuration cannot be returned, no user may be created: the private key would be lost.
    const show = ({ allowedIps }: UserFields) => {
      const addresses = ownAddresses(allowedIps?.split(',') ?? []);
      if (addresses.length === 0) throw invalidField('allowedIps', NO_OWN_ADDRESS);
      shown.configuration = clientConfigText({
        privateKey,
        addresses,
        dns: dns ?? defaults.dns,
        mtu: mtu ?? defaults.mtu,
        keepalive: defaults.keepalive,
        serverPublicKey: server.publicKey,
        presharedKey,
        endpoint: reachedAt,
        allowedIps: clientAllowedIps ?? defaults.allowedIps,
      });
      if (Buffer.byteLength(shown.configuration) > MAX_QR_BYTES) {
        const isTheClients = (clientAllowedIps?.length ?? 0) >= addresses.length;
        throw invalidField(isTheClients ? 'clientAllowedIps' : 'allowedIps', TOO_LONG);
      }
      shown.qrSvg = renderSVG(shown.configuration);
    };
    const user = await newUser(ctx, 'provisionUser', created, show);
    return { user, ...shown };
  },
);

/** A path at which a configuration can be read once. */
export interface OneTimeLink {
  readonly path: string;
  readonly expiresAt: Date;
}

const MINUTE_MS = 60_000;
const LINK_MINUTES = 60;

/** Makes a link to the configuration. */
export const linkTo = async (
  ctx: Context,
  { user, configuration, qrSvg }: Provisioned,
  given: z.input<typeof linkInput>,
): Promise<OneTimeLink> => {
  const { minutes = LINK_MINUTES } = input.parseInput(linkInput, given);
  const expiresAt = new Date(ctx.clock.wallMs() + minutes * MINUTE_MS);
  const fileName = `${tunnelName(user)}.conf`;
  const name = ctx.clientLinks.add({ fileName, configuration, qrSvg }, expiresAt);
  return { path: `/c/${name}`, expiresAt };
};

const linkInput = z.object({ minutes: input.linkMinutes.optional() });

/** The apps take the name of the file as the name of the tunnel, which they restrict like an interface name. */
function tunnelName({ nickname, interface: name }: UserRecord): string {
  const plain = nickname.replace(/[^A-Za-z0-9_=+.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, MAX_TUNNEL_NAME) || (name ?? 'wireguard');
}

const MAX_TUNNEL_NAME = 15;

interface Server {
  readonly name: string;
  readonly publicKey: string;
  readonly listenPort: number | null;
}

async function serverOf(ctx: Context, named: string | null): Promise<Server> {
  const known = await ctx.store.overview.interfaces(ctx.config.interfaces);
  const assigned = chooseInterface(ctx, known, named);
  const server = known.find(({ name, up }) => up && name === assigned);
  if (server === undefined || server.publicKey === null) throw new AppError('UNAVAILABLE', NOT_UP);
  return { name: server.name, publicKey: server.publicKey, listenPort: server.listenPort };
}

/** Returns the given endpoint, otherwise this server's public address. */
async function endpointOf(ctx: Context, given: string | null, server: Server): Promise<string> {
  const endpoint = given === null ? await publicEndpoint(ctx) : parseEndpoint(given);
  if ('en' in endpoint) throw invalidField('endpoint', endpoint);
  return `${endpoint.host}:${endpoint.port ?? server.listenPort ?? DEFAULT_PORT}`;
}

async function publicEndpoint(ctx: Context): Promise<Endpoint> {
  const address = await ctx.networks.publicAddress();
  if (address === null) throw new AppError('UNAVAILABLE', NO_PUBLIC_ADDRESS);
  return { host: address.includes(':') ? `[${address}]` : address, port: null };
}

/** The usual WireGuard port, for an interface without a known listen port. */
const DEFAULT_PORT = 51_820;

const NO_PUBLIC_ADDRESS: Text = {
  en: 'This server has no public address, so the endpoint for clients is unknown; give endpoint or set WGQL_ENDPOINT, such as vpn.example:51820.',
  zh: '本服务器没有公网地址，无法确定客户端连接的端点；请提供 endpoint 或设置 WGQL_ENDPOINT，例如 vpn.example:51820。',
};

const NO_OWN_ADDRESS: Text = {
  en: 'must contain an address of the client itself, such as 10.8.0.7/32, in addition to the networks behind it',
  zh: '除客户端后面的网段外，还必须包含客户端自己的地址，例如 10.8.0.7/32',
};

const TOO_LONG: Text = {
  en: 'makes the configuration too long for a QR code; use fewer or wider prefixes',
  zh: '使配置过长，无法生成二维码；请减少前缀或使用范围更大的前缀',
};

const NOT_UP: Text = {
  en: 'The interface is not up, so its public key for the client configuration is unknown; bring the interface up first.',
  zh: '接口尚未启动，无法获得客户端配置所需的服务器公钥；请先启动接口。',
};
