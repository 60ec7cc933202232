import { Host } from './host.ts';
import type { PeerSettings, WgInterface } from './interface.ts';
import { Namespace, startHolder } from './namespace.ts';

export interface NetworkOptions {
  /**
   * False makes the kernel cut every packet to the link's MTU before the underlay, as a wire
   * would; default true, packets of up to 64 KB pass as one.
   */
  segmentationOffload?: boolean;
}

export interface HostOptions {
  /** Mounts a /sys that shows the host's own interfaces; default true. */
  sysfs?: boolean;
}

/** The most hosts that fit in the underlay's addresses. */
const MAX_HOSTS = 250;

/**
 * Hosts on one Ethernet, 10.77.0.0/24 and fd77::/64, made of namespaces only: the machine's own
 * network is not touched, and nothing is left once the processes have ended.
 */
export class Network implements AsyncDisposable {
  readonly #switch: Namespace;
  readonly #offload: boolean;
  readonly #hosts = new Map<string, Host>();
  #next = 1;
  #closing: Promise<void> | undefined;

  /** Called by createNetwork. */
  constructor(bridge: Namespace, options: NetworkOptions) {
    this.#switch = bridge;
    this.#offload = options.segmentationOffload ?? true;
  }

  /** Makes a host and plugs it in; `name` is for reading and must be new. */
  async host(name: string, options: HostOptions = {}): Promise<Host> {
    if (this.#closing !== undefined) throw new Error('The network is closed');
    if (this.#hosts.has(name)) throw new Error(`There is a host ${name} already`);
    if (this.#next > MAX_HOSTS) throw new Error(`A network has at most ${MAX_HOSTS} hosts`);
    const number = this.#next++;
    const underlay = { ipv4: `10.77.0.${number}`, ipv6: `fd77::${number}` };
    const host = new Host(name, await startHolder(options.sysfs ?? true), underlay);
    if (this.#closing !== undefined) await host.close();
    this.#hosts.set(name, host);
    const port = `port${number}`;
    const limit = this.#offload ? '' : ' gso_max_segs 1';
    await ipBatch(this.#switch, [
      `link add ${port} type veth peer name eth0 netns ${host.pid}`,
      `link set ${port} master switch${limit} up`,
    ]);
    await ipBatch(host, [
      `link set eth0${limit} up`,
      `addr add ${host.ipv4}/24 dev eth0`,
      `addr add ${host.ipv6}/64 dev eth0 nodad`,
    ]);
    return host;
  }

  /** Ends every process that was started in the network and waits for it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
    await this.#switch.close();
  }
}

/** Makes a network without hosts. Close it when done. */
export async function createNetwork(options: NetworkOptions = {}): Promise<Network> {
  const bridge = new Namespace(await startHolder(false));
  try {
    await ipBatch(bridge, [
      'link add switch type bridge forward_delay 0 mcast_snooping 0',
      'link set switch up',
    ]);
  } catch (error) {
    await bridge.close();
    throw error;
  }
  return new Network(bridge, options);
}

export interface ConnectOptions {
  /** What the server is told about the client; allowed IPs default to its single addresses. */
  serverSide?: Partial<Omit<PeerSettings, 'publicKey' | 'presharedKey'>>;
  /**
   * What the client is told about the server; allowed IPs default to the prefixes of its own
   * addresses, the endpoint to the server's underlay IPv4 address.
   */
  clientSide?: Partial<Omit<PeerSettings, 'publicKey' | 'presharedKey'>>;
  /** Given to both sides; base64. */
  presharedKey?: string;
}

/**
 * Makes two interfaces peers of each other. No packet flows until one of them sends, which one
 * with a keepalive does at once: so the server, which waits, is told first. A handshake that
 * comes too early is lost, and WireGuard repeats it only after 5 s.
 */
export async function connect(
  server: WgInterface,
  client: WgInterface,
  options: ConnectOptions = {},
): Promise<void> {
  const { presharedKey, serverSide, clientSide } = options;
  await server.setPeer({
    publicKey: client.publicKey,
    allowedIps: client.addresses.map(singleAddress),
    presharedKey,
    ...serverSide,
  });
  await client.setPeer({
    publicKey: server.publicKey,
    allowedIps: client.addresses,
    endpoint: `${server.host.ipv4}:${server.listenPort}`,
    presharedKey,
    ...clientSide,
  });
}

function singleAddress(withPrefix: string): string {
  const [address = ''] = withPrefix.split('/');
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

async function ipBatch(namespace: Namespace, lines: readonly string[]): Promise<void> {
  await namespace.exec(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
