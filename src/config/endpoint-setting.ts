import * as z from 'zod';
import { type Endpoint, parseEndpoint } from '../domain/endpoint.ts';
import { quoted } from '../domain/secret-like.ts';
import { isInterfaceName } from '../domain/wireguard/interface-name.ts';
import { list, report } from './codecs.ts';

/** The key for all interfaces that WGQL_ENDPOINT does not name. */
export const ANY_INTERFACE = '*';

/** `host:port`, or one for each interface, as in `wg0=host:port,wg1=host:port`. */
export const endpointList = z
  .string()
  .optional()
  .transform((raw, ctx): ReadonlyMap<string, Endpoint> => {
    const endpoints = new Map<string, Endpoint>();
    for (const item of list().parse(raw)) {
      const [, name = ANY_INTERFACE, value = ''] = /^(?:([^=]*)=)?(.*)$/.exec(item) ?? [];
      const endpoint = parseEndpoint(value);
      if ('en' in endpoint) report(ctx, endpoint);
      else if (name !== ANY_INTERFACE && !isInterfaceName(name)) {
        report(ctx, {
          en: `contains ${quoted(name, raw)}, which is not a valid interface name`,
          zh: `中的 ${quoted(name, raw)} 不是有效的接口名`,
        });
      } else if (endpoints.has(name)) report(ctx, NAMED_TWICE);
      else endpoints.set(name, endpoint);
    }
    return endpoints;
  });

const NAMED_TWICE = {
  en: 'must not name an interface twice or contain two endpoints without an interface; write wg0=host:port,wg1=host:port',
  zh: '不能重复指定接口，也不能有两个未指定接口的端点；请写成 wg0=主机:端口,wg1=主机:端口',
};
