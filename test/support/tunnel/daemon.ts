import type { ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Namespace } from './namespace.ts';
import { exited, kill } from './process.ts';
import { waitFor } from './wait.ts';

/** How long a daemon may take to end on SIGTERM before it is killed. */
const GRACE_MS = 3000;

/** A running wireguard-go, which is the interface: it appears and goes with the process. */
export class Daemon {
  readonly pid: number;
  readonly #namespace: Namespace;
  readonly #name: string;
  readonly #child: ChildProcess;

  private constructor(namespace: Namespace, name: string, child: ChildProcess, pid: number) {
    this.#namespace = namespace;
    this.#name = name;
    this.#child = child;
    this.pid = pid;
  }

  /** Resolves once the daemon answers `wg`; rejects with its stderr when it ends instead. */
  static async start(namespace: Namespace, name: string): Promise<Daemon> {
    const child = namespace.spawn(['wireguard-go', '-f', name], {
      // Set, to whatever value, it makes the daemon wait for a parent that is not there.
      env: { WG_PROCESS_FOREGROUND: undefined },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-4000);
    });
    const socket = socketPath(namespace, name);
    const probe = async () => hasEnded(child) || (await accepts(socket));
    await waitFor(`${name} to answer`, probe, { everyMs: 5 });
    if (hasEnded(child) || child.pid === undefined) {
      throw new Error(`wireguard-go ended: ${stderr.trim()}`);
    }
    return new Daemon(namespace, name, child, child.pid);
  }

  /** Ends the daemon, paused or not, and resolves once the interface is gone. Idempotent. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    // A stopped process takes a SIGTERM only once it goes on.
    this.#child.kill('SIGCONT');
    await Promise.race([exited(this.#child), delay(GRACE_MS, undefined, { ref: false })]);
    await kill(this.#child);
    await rm(socketPath(this.#namespace, this.#name), { force: true });
    const gone = async () => !(await this.#hasInterface());
    await waitFor(`${this.#name} to be gone`, gone, { everyMs: 5 });
  }

  /** Sends SIGSTOP or SIGCONT and resolves once it has had its effect. */
  async signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    this.#child.kill(signal);
    const probe = async () => {
      const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8');
      const state = stat.charAt(stat.lastIndexOf(')') + 2);
      return (state === 'T') === (signal === 'SIGSTOP');
    };
    await waitFor(`the daemon of ${this.#name} to take ${signal}`, probe, { everyMs: 2 });
  }

  async #hasInterface(): Promise<boolean> {
    const devices = await readFile(`/proc/${this.#namespace.pid}/net/dev`, 'utf8');
    return devices.split('\n').some((line) => line.trim().startsWith(`${this.#name}:`));
  }
}

function socketPath(namespace: Namespace, name: string): string {
  return namespace.path(`/run/wireguard/${name}.sock`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The socket's file appears a moment before it takes connections. */
function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
