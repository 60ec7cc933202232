import type { ChildProcess } from 'node:child_process';
import { type InterfaceOptions, WgInterface } from './interface.ts';
import { Namespace } from './namespace.ts';
import { CommandError } from './process.ts';

export interface PingOptions {
  /** Replies wanted; default 3. */
  count?: number;
  /** Payload of one packet in bytes, 8 of ICMP header not counted; default 56. */
  size?: number;
  /**
   * Ends the ping, whatever came back, in whole seconds; default 10, twice the time after which
   * WireGuard repeats a lost handshake.
   */
  deadlineSeconds?: number;
}

/** Echo requests that were sent and replies that came back. */
export interface PingResult {
  sent: number;
  received: number;
}

/** A machine of the test network: its own interfaces, routes, firewall, /run and /sys. */
export class Host extends Namespace {
  readonly name: string;
  /** Its address on the underlay, reachable by all hosts, without prefix length. */
  readonly ipv4: string;
  /** The same for IPv6. */
  readonly ipv6: string;

  constructor(name: string, holder: ChildProcess, underlay: { ipv4: string; ipv6: string }) {
    super(holder);
    this.name = name;
    this.ipv4 = underlay.ipv4;
    this.ipv6 = underlay.ipv6;
  }

  /** Starts a WireGuard interface and resolves once it is up and answers `wg`. */
  addInterface(options: InterfaceOptions): Promise<WgInterface> {
    return WgInterface.create(this, options);
  }

  /**
   * Pings every 50 ms until `count` replies have come or the deadline is over. Lost packets do
   * not reject, an address that cannot be pinged at all (no route, for one) does.
   */
  async ping(address: string, options: PingOptions = {}): Promise<PingResult> {
    const { count = 3, size = 56, deadlineSeconds = 10 } = options;
    const limits = ['-c', `${count}`, '-s', `${size}`, '-w', `${deadlineSeconds}`];
    const argv = ['ping', '-n', '-q', '-i', '0.05', ...limits, address];
    const timeoutMs = (deadlineSeconds + 5) * 1000;
    const stdout = await this.exec(argv, { timeoutMs }).then(
      (output) => output.stdout,
      (error: unknown) => {
        if (error instanceof CommandError && error.exitCode === 1) return error.stdout;
        throw error;
      },
    );
    const counts = /(\d+) packets transmitted, (\d+) received/.exec(stdout);
    if (counts === null) throw new Error(`Cannot read what ping says: ${stdout}`);
    return { sent: Number(counts[1]), received: Number(counts[2]) };
  }
}
