import { TimeLimitError, withTimeLimit } from '../../async/deadline.ts';
import { AppError, type Text } from '../../domain/errors.ts';
import {
  type Generation,
  type GoodRead,
  type InterfaceSnapshot,
  isSameGeneration,
  type ReadSnapshot,
  type UnknownRead,
} from '../../domain/wireguard/snapshot.ts';
import type { Tracer } from '../../tracing/tracer.ts';
import { socketNotPermitted } from '../command/permissions.ts';
import { CommandError } from '../command/run.ts';
import { NO_ANSWER, type WgTarget, wg } from '../command/wg.ts';
import { lastSeen } from '../last-seen.ts';
import { askUapi } from './ask-uapi.ts';
import { type DumpParser, dumpParser } from './dump.ts';
import { type FoundInterface, interfaceFinder } from './interfaces.ts';
import { uapiParser } from './uapi.ts';

/** A loaded machine needs some time even if polls are more frequent. */
const MIN_ANSWER_MS = 1_000;

/** `wg` has no time limit of its own for a daemon that hangs. */
const MAX_ANSWER_MS = 5_000;

const NO_INTERFACE: Text = {
  en: 'There is no WireGuard interface on this machine; start one (for example: wg-quick up wg0), and wgql monitors it automatically.',
  zh: '本机没有 WireGuard 接口；请启动一个（例如 wg-quick up wg0），wgql 会自动开始监控。',
};

export interface SystemReaderOptions {
  /** Only these interfaces; empty for all. */
  readonly interfaces: readonly string[];
  /** The time limit for the response of an interface is this, within 1 to 5 seconds. */
  readonly pollIntervalMs: number;
  /** Called once with each name in the response of a daemon that wgql does not know and ignores. */
  readonly onUnknownName?: (interfaceName: string, name: string) => void;
  /** null: traces are off. */
  readonly tracer?: Tracer | null;
}

/** The read access to this machine's WireGuard. */
export interface SystemReader {
  readonly read: ReadSnapshot;
  /** How commands name an interface that was read. */
  readonly targetOf: (interfaceName: string) => WgTarget;
}

/**
 * Reads this machine's WireGuard: userspace interfaces through the sockets of their daemons, those of the
 * kernel through `wg show INTERFACE dump`. Each interface is read separately, so that one that hangs does not
 * prevent reading the others.
 */
export function systemReader(options: SystemReaderOptions): SystemReader {
  const answerWithinMs = Math.min(Math.max(options.pollIntervalMs, MIN_ANSWER_MS), MAX_ANSWER_MS);
  const find = interfaceFinder();
  let targets: ReadonlyMap<string, WgTarget> = new Map();
  const askPeers = peersOfInterfaces(options.onUnknownName ?? (() => {}));
  const withLastSeen = lastSeen();
  const { tracer = null } = options;
  const readOne = tracer === null ? readInterface : tracedRead(tracer);
  return {
    targetOf: (name) => targets.get(name) ?? { tool: 'wg', name },
    read: async (stop) => {
      const within = <T>(task: (signal: AbortSignal) => Promise<T>) =>
        withTimeLimit(answerWithinMs, stop, task);
      const found = await within((signal) => find(options.interfaces, signal)).catch(notListed);
      targets = new Map(found.map(({ name, target }) => [name, target]));
      const interfaces = await Promise.all(
        found.map(async (candidate) => withLastSeen(await readOne(candidate, askPeers, within))),
      );
      const notice =
        found.length === 0
          ? await within((signal) => explainAbsence(options.interfaces, signal)).catch(notListed)
          : null;
      return { interfaces, notice };
    },
  };
}

type AskPeers = (candidate: FoundInterface, signal: AbortSignal) => Promise<GoodRead | UnknownRead>;

/** Queries interfaces; the parser of each remembers its last response. */
function peersOfInterfaces(onUnknownName: (interfaceName: string, name: string) => void): AskPeers {
  // As many as names of interfaces were ever used.
  const uapi = new Map<string, ReturnType<typeof uapiParser>>();
  const dump = new Map<string, DumpParser>();
  return async ({ name, target, socketPath }, signal) => {
    if (socketPath === null) {
      // An interface may come back under the same name as one of the other kind.
      const key = `${target.tool} ${name}`;
      const parse = dump.get(key) ?? dumpParser(target.tool);
      dump.set(key, parse);
      return parse(await wg(['show', target.name, 'dump'], signal, target.tool));
    }
    const newResponse =
      uapi.get(socketPath) ?? uapiParser((unknown) => onUnknownName(name, unknown));
    uapi.set(socketPath, newResponse);
    const response = newResponse();
    await askUapi(socketPath, signal, response.add);
    return response.end();
  };
}

type Within = <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** If the interfaces cannot be listed, they are unknown; the message contains the system's error code. */
function notListed(error: unknown): never {
  if (error instanceof TimeLimitError || error instanceof CommandError)
    throw new AppError('UNAVAILABLE', NO_ANSWER);
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof AppError || code === undefined) throw error;
  throw new AppError('UNAVAILABLE', {
    en: `The interfaces of this machine cannot be listed (${code}); check that /proc, /sys and /var/run/wireguard can be read.`,
    zh: `无法列出本机的接口（${code}）；请检查 /proc、/sys 和 /var/run/wireguard 是否可读。`,
  });
}

/**
 * Counters and generation must belong together: an interface that was re-created while it was being read
 * counts as unknown, and the next poll reads it completely.
 */
async function readInterface(
  candidate: FoundInterface,
  askPeers: AskPeers,
  within: Within,
): Promise<InterfaceSnapshot> {
  const { name } = candidate;
  let generation: Generation = {};
  try {
    const read = await within(async (signal) => {
      generation = await candidate.generation(signal);
      if (candidate.hasLostDevice) return { kind: 'unknown', reason: lostDevice(name) } as const;
      const peers = await askPeers(candidate, signal);
      return isSameGeneration(generation, await candidate.generation(signal)) ? peers : RECREATED;
    });
    return { name, generation, read };
  } catch (error) {
    return { name, generation, read: { kind: 'unknown', reason: reasonOf(error, candidate) } };
  }
}

function tracedRead(tracer: Tracer): typeof readInterface {
  return (candidate, ...given) =>
    tracer.step(`wireguard read ${candidate.name}`, async () => {
      const span = tracer.active();
      const snapshot = await readInterface(candidate, ...given);
      if (snapshot.read.kind === 'unknown') span?.fail('UNAVAILABLE');
      return snapshot;
    });
}

/** Why an interface was not read. */
function reasonOf(error: unknown, { name, socketPath }: FoundInterface): Text {
  if (error instanceof AppError) return error.text;
  if (error instanceof TimeLimitError || error instanceof CommandError) return NO_ANSWER;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ABORT_ERR') return NO_ANSWER;
  if (code === undefined) throw error;
  if (socketPath !== null && (code === 'EACCES' || code === 'EPERM')) {
    return socketNotPermitted(socketPath);
  }
  return {
    en: `The daemon of ${name} does not respond (${code}); check that it is running.`,
    zh: `${name} 的守护进程没有响应（${code}）；请检查它是否在运行。`,
  };
}

const RECREATED: UnknownRead = {
  kind: 'unknown',
  reason: {
    en: 'The interface was re-created while it was being read.',
    zh: '接口在读取过程中被重新创建。',
  },
};

function lostDevice(name: string): Text {
  return {
    en: `The network device of ${name} was renamed and its new name cannot be determined, so its peers are neither read nor limited; run wgql as root, or restart the daemon of ${name}.`,
    zh: `${name} 的网络设备已被重命名，且无法确定新名称，因此不会读取或限制其对等节点；请以 root 运行 wgql，或重启 ${name} 的守护进程。`,
  };
}

/** Why no interface was found, and how to fix it. */
async function explainAbsence(configured: readonly string[], signal: AbortSignal): Promise<Text> {
  if (configured.length > 0) {
    const names = configured.join(', ');
    return {
      en: `None of the interfaces in WGQL_INTERFACES (${names}) exists; start one or change the setting.`,
      zh: `WGQL_INTERFACES 中的接口（${names}）都不存在；请启动接口或修改该设置。`,
    };
  }
  try {
    await wg(['show', 'interfaces'], signal);
    return NO_INTERFACE;
  } catch (error) {
    if (error instanceof AppError) return error.text;
    throw error;
  }
}
