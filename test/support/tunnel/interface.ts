import { plant } from '../outlet.ts';
import { Daemon } from './daemon.ts';
import { type Dump, type DumpPeer, parseDump } from './dump.ts';
import type { Host } from './host.ts';
import { generateKeyPair, publicKeyOf } from './keys.ts';

export interface InterfaceOptions {
  /** Default 'wg0'. */
  name?: string;
  /** Base64; default a new one. */
  privateKey?: string;
  /** UDP port; default 51820. */
  listenPort?: number;
  /** Inner addresses with prefix length, such as '10.8.0.1/24' and 'fd08::1/64'. */
  addresses: readonly string[];
  /** Bytes; default 1420. */
  mtu?: number;
}

/** What one side is told about the other. What is left out stays as it was. */
export interface PeerSettings {
  publicKey: string;
  /** Replaces the list. Routes are not touched: the interface's own prefixes have one. */
  allowedIps: readonly string[];
  /** 'address:port' or '[address]:port'. */
  endpoint?: string;
  /** Seconds, 0 for off. */
  persistentKeepalive?: number;
  /** Base64. */
  presharedKey?: string;
}

/** A WireGuard interface of a host, served by a wireguard-go process of its own. */
export class WgInterface implements AsyncDisposable {
  readonly host: Host;
  readonly name: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly listenPort: number;
  readonly addresses: readonly string[];
  readonly #mtu: number;
  #daemon: Daemon | null = null;

  private constructor(host: Host, options: InterfaceOptions) {
    this.host = host;
    this.name = options.name ?? 'wg0';
    this.privateKey = plant(options.privateKey ?? generateKeyPair().privateKey);
    this.publicKey = publicKeyOf(this.privateKey);
    this.listenPort = options.listenPort ?? 51_820;
    this.addresses = options.addresses;
    this.#mtu = options.mtu ?? 1420;
  }

  /** Called by Host.addInterface. */
  static async create(host: Host, options: InterfaceOptions): Promise<WgInterface> {
    const created = new WgInterface(host, options);
    await created.#start();
    return created;
  }

  /** Process id of the daemon; null while the interface is destroyed. */
  get pid(): number | null {
    return this.#daemon?.pid ?? null;
  }

  /** Adds a peer or changes the one with this key. */
  async setPeer(peer: PeerSettings): Promise<void> {
    const argv = ['wg', 'set', this.name, 'peer', peer.publicKey];
    if (peer.endpoint !== undefined) argv.push('endpoint', peer.endpoint);
    if (peer.persistentKeepalive !== undefined) {
      argv.push('persistent-keepalive', `${peer.persistentKeepalive}`);
    }
    argv.push('allowed-ips', peer.allowedIps.join(','));
    if (peer.presharedKey === undefined) {
      await this.host.exec(argv);
      return;
    }
    await this.host.withSecret(plant(peer.presharedKey), (path) =>
      this.host.exec([...argv, 'preshared-key', path]),
    );
  }

  /** Removes a peer; an unknown key is no error, as with `wg`. */
  async removePeer(publicKey: string): Promise<void> {
    await this.host.exec(['wg', 'set', this.name, 'peer', publicKey, 'remove']);
  }

  /** `wg show NAME dump`; rejects with a CommandError (`timedOut`) after `timeoutMs`. */
  async dump(options: { timeoutMs?: number } = {}): Promise<Dump> {
    const { stdout } = await this.host.exec(['wg', 'show', this.name, 'dump'], options);
    return parseDump(stdout);
  }

  /** One peer of the dump; null when the interface does not have it. */
  async peer(publicKey: string): Promise<DumpPeer | null> {
    const { peers } = await this.dump();
    return peers.find((peer) => peer.publicKey === publicKey) ?? null;
  }

  /** Takes the link down; the daemon, its peers and their counters stay. */
  async down(): Promise<void> {
    await this.host.exec(['ip', 'link', 'set', this.name, 'down']);
  }

  /** Brings the link up with all its addresses (the kernel drops IPv6 ones on down). */
  async up(): Promise<void> {
    const addresses = this.addresses.map(
      (address) =>
        `addr replace ${address} dev ${this.name}${address.includes(':') ? ' nodad' : ''}`,
    );
    const batch = [`link set ${this.name} mtu ${this.#mtu} up`, ...addresses];
    await this.host.exec(['ip', '-batch', '-'], { input: `${batch.join('\n')}\n` });
  }

  /**
   * Ends the daemon and resolves once the interface is gone. SIGTERM lets it tidy up, SIGKILL is
   * a crash, though the socket that one leaves behind is removed here. Idempotent.
   */
  async destroy(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.#daemon?.end(signal);
    this.#daemon = null;
  }

  /** Destroys the interface and makes it anew: same key, port and addresses, no peers. */
  async recreate(): Promise<void> {
    await this.destroy();
    await this.#start();
  }

  /** Stops the daemon: packets stay unanswered, and `wg` hangs on this interface. */
  async pause(): Promise<void> {
    await this.#running().signal('SIGSTOP');
  }

  /** Lets a paused daemon go on. */
  async resume(): Promise<void> {
    await this.#running().signal('SIGCONT');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  #running(): Daemon {
    if (this.#daemon === null) throw new Error(`${this.name} is destroyed`);
    return this.#daemon;
  }

  async #start(): Promise<void> {
    this.#daemon = await Daemon.start(this.host, this.name);
    await this.host.withSecret(this.privateKey, (path) => {
      const port = `${this.listenPort}`;
      return this.host.exec(['wg', 'set', this.name, 'private-key', path, 'listen-port', port]);
    });
    await this.up();
  }
}
