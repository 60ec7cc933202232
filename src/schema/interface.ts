import { addressesOf } from '../resolvers/interface/addresses.ts';
import {
  clientDefaultsOf,
  type EffectiveDefaults,
  updateInterface,
} from '../resolvers/interface/client-defaults.ts';
import type { InterfaceOverview } from '../resolvers/records.ts';
import { builder } from './builder.ts';
import { Node } from './node.ts';

const ClientDefaults = builder.objectRef<EffectiveDefaults>('ClientDefaults').implement({
  description:
    'What client configurations of an interface have unless provisionUser says otherwise.',
  fields: (t) => ({
    endpoint: t.exposeString('endpoint', {
      nullable: true,
      description: 'Where clients reach the server. Null: the public address of the default route.',
    }),
    dns: t.exposeStringList('dns', {
      description: 'DNS servers of the client; empty: the client keeps its own.',
    }),
    allowedIps: t.exposeStringList('allowedIps', {
      description: 'Prefixes the client routes into the tunnel.',
    }),
    mtu: t.exposeInt('mtu', { nullable: true, description: 'Bytes. Null: the client chooses.' }),
    keepalive: t.exposeInt('keepalive', {
      description: 'Seconds between keepalive packets of the client; 0 means off.',
    }),
  }),
});

export const Interface = builder.objectRef<InterfaceOverview>('Interface').implement({
  description: 'A WireGuard interface that wgql monitors or has monitored.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('name', { description: 'The name of the interface.' }),
    name: t.exposeString('name', {
      description: 'The name of the interface on the server, such as wg0.',
    }),
    publicKey: t.exposeString('publicKey', {
      nullable: true,
      description: "The server's public key on this interface; null if none is set.",
    }),
    listenPort: t.exposeInt('listenPort', {
      nullable: true,
      description: 'The UDP port the interface listens on; null if none.',
    }),
    addresses: t.stringList({
      description:
        'The addresses of the interface with the lengths of their networks, such as 10.8.0.1/24; empty if it is down, or its addresses cannot be read.',
      resolve: ({ name }, _, ctx) => addressesOf(ctx, name),
    }),
    up: t.exposeBoolean('up', {
      description:
        'Whether the interface exists now; interfaces that no longer exist stay in the list.',
    }),
    lastReadAt: t.expose('lastReadAt', {
      type: 'DateTime',
      description: 'When the interface was last read completely, or last found not to exist.',
    }),
    peerCount: t.exposeInt('peers', {
      description:
        'The number of peers at the last successful read; 0 while the interface is down.',
    }),
    onlineCount: t.exposeInt('online', {
      description: 'The number of those peers whose users are online.',
    }),
    peers: t.exposeInt('peers', {
      description: 'The same as `peerCount`.',
      deprecationReason: 'Use `peerCount`.',
    }),
    online: t.exposeInt('online', {
      description: 'The same as `onlineCount`.',
      deprecationReason: 'Use `onlineCount`.',
    }),
    rx: t.expose('rx', {
      type: 'BigInt',
      description:
        "Bytes received: the sum of WireGuard's own counters at the last successful read.",
    }),
    tx: t.expose('tx', {
      type: 'BigInt',
      description: "Bytes sent: the sum of WireGuard's own counters at the last successful read.",
    }),
    clientDefaults: t.field({
      type: ClientDefaults,
      description: 'What client configurations of this interface have.',
      resolve: ({ name }, _, ctx) => clientDefaultsOf(ctx, name),
    }),
  }),
});

const UpdateInterfaceInput = builder.inputType('UpdateInterfaceInput', {
  description:
    'Defaults of new client configurations. Absent fields stay unchanged; null returns a field to the settings of the server.',
  fields: (t) => ({
    endpoint: t.string({
      description:
        'A host name, an IPv4 address or an IPv6 address in brackets, with or without a port.',
    }),
    dns: t.stringList({ description: 'IP addresses of DNS servers, at most 8.' }),
    allowedIps: t.stringList({ description: 'Prefixes the client routes into the tunnel.' }),
    mtu: t.int({ description: 'Bytes, from 1280 to 65535.' }),
    keepalive: t.int({ description: 'Seconds; 0 means off.' }),
  }),
});

builder.mutationField('updateInterface', (t) =>
  t.field({
    type: builder.objectRef<InterfaceOverview>('UpdateInterfacePayload').implement({
      description: 'The result of updateInterface.',
      fields: (f) => ({
        interface: f.field({
          type: Interface,
          description: 'The interface after the change.',
          resolve: (found) => found,
        }),
      }),
    }),
    args: {
      name: t.arg.string({
        required: true,
        description: 'The name of the interface, such as wg0.',
      }),
      input: t.arg({ type: UpdateInterfaceInput, required: true, description: 'What to change.' }),
    },
    description:
      'Changes what new client configurations of an interface have; existing clients are not affected. NOT_FOUND if there is no such interface.',
    resolve: (_, { name, input }, ctx) => updateInterface(ctx, { ...input, name }),
  }),
);
