import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { kill, type Output, outputOf, type RunOptions, spawnTied } from './process.ts';
import { waitFor } from './wait.ts';

export interface SpawnOptions {
  /** Set on top of this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Working directory; default that of this process. */
  cwd?: string;
  /** Default: stdin empty, stdout and stderr piped. */
  stdio?: StdioOptions;
}

/**
 * Holds the namespaces until its stdin is closed, which also happens when the test process dies.
 * All of /run is replaced: the machine may lack /run/wireguard, and making it would leave a trace.
 */
const HOLDER = `set -e
mount -t tmpfs -o mode=755 tmpfs /run
[ /var/run -ef /run ] || mount --bind /run /var/run
mkdir /run/wireguard
[ "$1" = keep-sysfs ] || mount -t sysfs sysfs /sys
ip link set lo up
echo ready
exec cat >/dev/null`;

/** A network and mount namespace of its own, and the processes that were started in it. */
export class Namespace implements AsyncDisposable {
  /** The process that holds the namespaces open; `/proc/PID` shows them. */
  readonly pid: number;
  readonly #holder: ChildProcess;
  readonly #children = new Set<ChildProcess>();
  #secrets = 0;
  #closing: Promise<void> | undefined;

  constructor(holder: ChildProcess) {
    if (holder.pid === undefined) throw new Error('The holder of the namespace did not start');
    this.pid = holder.pid;
    this.#holder = holder;
  }

  /** Runs argv inside to its end; rejects with a CommandError unless it exits with 0. */
  async exec(argv: readonly string[], options: RunOptions = {}): Promise<Output> {
    const child = this.spawn(argv, { stdio: 'pipe' });
    return await outputOf(child, argv, options);
  }

  /**
   * Starts argv inside. The child is the command itself, not a wrapper, so its pid and signals
   * are the command's. It is killed on close(), and by the kernel when this process dies.
   */
  spawn(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
    if (this.#closing !== undefined) throw new Error('The namespace is closed');
    const { env, cwd = process.cwd(), stdio = ['ignore', 'pipe', 'pipe'] } = options;
    // Entering a mount namespace moves a process to "/": env goes back. Each of these execs.
    const enter = ['-t', `${this.pid}`, '-n', '-m', '--', 'setpriv', '--pdeathsig', 'KILL', '--'];
    const child = spawn('nsenter', [...enter, 'env', `--chdir=${cwd}`, ...argv], {
      env: { ...process.env, ...env },
      stdio,
    });
    this.#children.add(child);
    const forget = () => this.#children.delete(child);
    child.once('exit', forget).once('error', forget);
    return child;
  }

  /** Where a file of this namespace is found from outside it. */
  path(inside: string): string {
    return `/proc/${this.pid}/root${inside}`;
  }

  /**
   * Gives `use` the inner path of a file that holds a secret and that is removed afterwards. It
   * lies on the namespace's own tmpfs: /dev/stdin will not do, a child's stdin being a socket.
   */
  async withSecret<T>(secret: string, use: (path: string) => Promise<T>): Promise<T> {
    const inside = `/run/secret-${++this.#secrets}`;
    await writeFile(this.path(inside), `${secret}\n`, { mode: 0o600 });
    try {
      return await use(inside);
    } finally {
      await rm(this.path(inside), { force: true });
    }
  }

  /** Kills all that runs inside, waits for it, and lets the namespaces go. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#children].map(kill));
    await this.#killOrphans();
    await kill(this.#holder);
  }

  /** Children of our children: whatever else has this network namespace, which we made. */
  async #killOrphans(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const own = await readlink(`/proc/${this.pid}/ns/net`);
    await waitFor('the processes of a namespace to end', async () => {
      const orphans = (await processesIn(own)).filter((pid) => pid !== this.pid);
      for (const pid of orphans) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended by itself.
        }
      }
      return orphans.length === 0;
    });
  }
}

/** Makes the namespaces; `sysfs` mounts a /sys that shows the interfaces in them. */
export async function startHolder(sysfs: boolean): Promise<ChildProcess> {
  const mode = sysfs ? 'own-sysfs' : 'keep-sysfs';
  const argv = ['unshare', '--net', '--mount', '--', 'sh', '-c', HOLDER, 'holder', mode];
  const holder = spawnTied(argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  holder.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const { stdout } = holder;
  if (stdout === null) throw new Error('The holder of the namespace has no stdout');
  // The only thing the holder writes is that it is ready.
  const ready = await Promise.race([
    once(stdout, 'data').then(() => true),
    once(holder, 'close').then(() => false),
  ]);
  if (!ready) throw new Error(`Cannot make a namespace: ${stderr.trim()}`);
  return holder;
}

async function processesIn(netNamespace: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Gone already, or a zombie.
      const link = await readlink(`/proc/${pid}/ns/net`).catch(() => null);
      return link === netNamespace ? [pid] : [];
    }),
  );
  return found.flat();
}
