import * as z from 'zod';
import { ANY_INTERFACE } from '../../config/endpoint-setting.ts';
import { parseEndpoint } from '../../domain/endpoint.ts';
import { AppError, invalidField } from '../../domain/errors.ts';
import type { ClientDefaults } from '../../store/client-defaults.ts';
import type { InterfaceOverview } from '../../store/overview.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';

/** What a client configuration of an interface has unless the request says otherwise. */
export interface EffectiveDefaults {
  /** null: the public address of this server. */
  readonly endpoint: string | null;
  readonly dns: readonly string[];
  readonly allowedIps: readonly string[];
  /** null: the client chooses. */
  readonly mtu: number | null;
  readonly keepalive: number;
}

/** The defaults of the interface, each from the API or else from the settings. */
export async function clientDefaultsOf(
  { config, store }: Pick<Context, 'config' | 'store'>,
  name: string,
): Promise<EffectiveDefaults> {
  const own = await store.clientDefaults.of(name);
  const set = config.endpoints.get(name) ?? config.endpoints.get(ANY_INTERFACE);
  const { client } = config;
  return {
    endpoint: own.endpoint ?? (set === undefined ? null : textOf(set)),
    dns: own.dns ?? client.dns,
    allowedIps: own.allowedIps ?? client.allowedIps,
    mtu: own.mtu ?? client.mtu,
    keepalive: own.keepalive ?? client.keepalive,
  };
}

const textOf = ({ host, port }: { readonly host: string; readonly port: number | null }): string =>
  port === null ? host : `${host}:${port}`;

/** Changes defaults of an interface; null returns a field to the settings. */
export const updateInterface = useCase(
  'updateInterface',
  'operator',
  z.object({
    name: input.interfaceName,
    endpoint: input.text.nullish(),
    dns: input.addresses.nullish(),
    allowedIps: input.allowedIps.nullish(),
    mtu: input.mtu.nullish(),
    keepalive: input.keepalive.nullish(),
  }),
  async (ctx, { name, ...given }): Promise<InterfaceOverview> => {
    const known = await ctx.store.overview.interfaces(ctx.config.interfaces);
    const found = known.find((one) => one.name === name);
    if (found === undefined) throw noInterface();
    if (given.endpoint != null) {
      const endpoint = parseEndpoint(given.endpoint);
      if ('en' in endpoint) throw invalidField('endpoint', endpoint);
    }
    const { name: actor } = authorize(ctx, 'operator');
    const said = Object.entries(given).filter(([, value]) => value !== undefined);
    const at = new Date(ctx.clock.wallMs());
    const changes: Partial<ClientDefaults> = Object.fromEntries(said);
    await ctx.store.clientDefaults.change(name, changes, { actor, action: 'updateInterface', at });
    return found;
  },
);

function noInterface(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'There is no such interface; status lists the monitored ones.',
    zh: '没有此接口；status 会列出被监控的接口。',
  });
}
