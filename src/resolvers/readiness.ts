import { AppError, type Text } from '../domain/errors.ts';
import type { Services } from './context.ts';

/** Whether the program can do its work. */
export interface Readiness {
  readonly ready: boolean;
  /** Why not, or what stands in the way although it is ready; null is nothing. */
  readonly problem: Text | null;
}

/** Strangers may ask, so that only an open server says what stands in the way. */
export async function readinessOf(services: Services): Promise<Readiness> {
  const readiness = await readinessFor(services);
  if (readiness.problem === null || services.access.isOpen()) return readiness;
  return { ...readiness, problem: SEE_STATUS };
}

async function readinessFor({ store, pollerStatus }: Services): Promise<Readiness> {
  try {
    await store.ping();
  } catch (error) {
    return { ready: false, problem: error instanceof AppError ? error.text : DATABASE_SILENT };
  }
  const { lastPollAt, problem, isWritten, stale } = pollerStatus();
  if (lastPollAt === null) return { ready: false, problem: problem ?? NO_POLL_YET };
  return { ready: isWritten && !stale, problem: problem ?? (stale ? NO_POLL_LATELY : null) };
}

const SEE_STATUS: Text = {
  en: 'Something stands in the way; the status and the log say what.',
  zh: '存在问题；详情见状态和日志。',
};
const DATABASE_SILENT: Text = {
  en: 'The database does not answer; check the disk and the log.',
  zh: '数据库没有响应；请检查磁盘和日志。',
};
const NO_POLL_YET: Text = {
  en: 'WireGuard has not been read yet; try again in a moment.',
  zh: '尚未读取 WireGuard；请稍后再试。',
};
const NO_POLL_LATELY: Text = {
  en: 'WireGuard has not been read for a while; check the log.',
  zh: '已有一段时间没有读取到 WireGuard；请检查日志。',
};
