import { type Endpoint, parseEndpoint } from '../domain/endpoint.ts';
import { isInterfaceName } from '../domain/wireguard/interface-name.ts';
import type { Settings } from './settings.ts';

/** The key for all interfaces that WGQL_ENDPOINT does not name. */
export const ANY_INTERFACE = '*';

/** Parses WGQL_ENDPOINT: `host:port`, or one for each interface, as in `wg0=host:port,wg1=host:port`. */
export function endpointsOf({ list, problem, shown }: Settings): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const item of list('WGQL_ENDPOINT')) {
    const [, name = ANY_INTERFACE, value = ''] = /^(?:([^=]*)=)?(.*)$/.exec(item) ?? [];
    const endpoint = parseEndpoint(value);
    if ('en' in endpoint) problem('WGQL_ENDPOINT', endpoint.en, endpoint.zh);
    else if (name !== ANY_INTERFACE && !isInterfaceName(name)) {
      problem(
        'WGQL_ENDPOINT',
        `contains ${shown('WGQL_ENDPOINT', name)}, which is not a valid interface name`,
        `中的 ${shown('WGQL_ENDPOINT', name)} 不是有效的接口名`,
      );
    } else if (endpoints.has(name)) {
      problem(
        'WGQL_ENDPOINT',
        'must not name an interface twice or contain two endpoints without an interface; write wg0=host:port,wg1=host:port',
        '不能重复指定接口，也不能有两个未指定接口的端点；请写成 wg0=主机:端口,wg1=主机:端口',
      );
    } else endpoints.set(name, endpoint);
  }
  return endpoints;
}
