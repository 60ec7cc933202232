import { AppError, type Text } from '../errors.ts';
import { parseDump } from './dump.ts';
import { type FoundInterface, findInterfaces } from './interfaces.ts';
import {
  type GoodRead,
  type InterfaceReading,
  isSameGeneration,
  type ReadSnapshot,
  type UnknownRead,
} from './reading.ts';
import { askUapi, parseUapi } from './uapi.ts';
import { NO_ANSWER, NO_PERMISSION, wg } from './wg-command.ts';

/** `wg` itself never gives up on a daemon that hangs. */
const MAX_ANSWER_MS = 5_000;

const NO_INTERFACE: Text = {
  en: 'There is no WireGuard interface on this machine; bring one up (for example: wg-quick up wg0) and it is watched from then on.',
  zh: '本机没有 WireGuard 接口；请启动一个（例如 wg-quick up wg0），之后会自动开始监控。',
};

export interface SystemSourceOptions {
  /** Only these interfaces; empty for all. */
  readonly interfaces: readonly string[];
  /** How long one interface may take to answer; at most 5 seconds count. */
  readonly answerWithinMs: number;
}

/**
 * Reads this machine's WireGuard: a userspace interface through its daemon's socket, one of the
 * kernel through `wg show INTERFACE dump`. Each interface is read apart, so that one that hangs
 * does not blind the others.
 */
export function systemSource(options: SystemSourceOptions): ReadSnapshot {
  const answerWithinMs = Math.min(options.answerWithinMs, MAX_ANSWER_MS);
  return async (signal) => {
    const limited = () => AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const found = await findInterfaces(options.interfaces, limited());
    const interfaces = await Promise.all(
      found.map((candidate) => readInterface(candidate, limited())),
    );
    const notice = found.length === 0 ? await explainAbsence(options.interfaces, limited()) : null;
    return { interfaces, notice };
  };
}

/**
 * Counters and generation must belong together: an interface that was re-created while it was being
 * read counts as unknown, and the next poll reads it whole.
 */
async function readInterface(
  candidate: FoundInterface,
  signal: AbortSignal,
): Promise<InterfaceReading> {
  const generation = await candidate.generation();
  const read = await readPeers(candidate, signal);
  return {
    name: candidate.name,
    generation,
    read: isSameGeneration(generation, await candidate.generation()) ? read : RECREATED,
  };
}

const RECREATED: UnknownRead = {
  kind: 'unknown',
  reason: {
    en: 'The interface was re-created while it was being read.',
    zh: '接口在读取过程中被重新创建。',
  },
};

async function readPeers(
  { name, socketPath }: FoundInterface,
  signal: AbortSignal,
): Promise<GoodRead | UnknownRead> {
  try {
    return socketPath === null
      ? parseDump(await wg(['show', name, 'dump'], signal))
      : parseUapi(await askUapi(socketPath, signal));
  } catch (error) {
    if (error instanceof AppError) return { kind: 'unknown', reason: error.text };
    if (signal.aborted) return { kind: 'unknown', reason: NO_ANSWER };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unknown', reason: NO_PERMISSION };
    if (code === undefined) throw error;
    return {
      kind: 'unknown',
      reason: {
        en: `The daemon of ${name} does not answer (${code}); check that it runs.`,
        zh: `${name} 的守护进程没有回答（${code}）；请检查它是否在运行。`,
      },
    };
  }
}

/** Why nothing was found, and how to mend it. */
async function explainAbsence(configured: readonly string[], signal: AbortSignal): Promise<Text> {
  if (configured.length > 0) {
    const names = configured.join(', ');
    return {
      en: `None of the interfaces in WGQL_INTERFACES (${names}) exists; bring one up or change the setting.`,
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
