import { AppError, type Text } from '../../domain/errors.ts';
import type { Services } from '../context.ts';

/** Whether the program is able to work. */
export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready, or a problem despite which it is ready; null if there is none. */
  readonly problem: Text | null;
}

/** The request needs no authentication, so details are given only while no token exists. */
export async function readinessOf(services: Services): Promise<Readiness> {
  const readiness = await readinessFor(services);
  if (readiness.problem === null || services.access.isOpen()) return readiness;
  return { ...readiness, problem: SEE_STATUS };
}

async function readinessFor({ store, pollerStatus }: Services): Promise<Readiness> {
  try {
    await store.ping();
  } catch (error) {
    return { ready: false, problem: error instanceof AppError ? error.text : NO_DATABASE_RESPONSE };
  }
  const { lastPollAt, problem, isWritten, stale } = pollerStatus();
  if (lastPollAt === null) return { ready: false, problem: problem ?? NO_POLL_YET };
  return { ready: isWritten && !stale, problem: problem ?? (stale ? NO_POLL_LATELY : null) };
}

const SEE_STATUS: Text = {
  en: 'There is a problem; see the status or the log for details.',
  zh: '存在问题；详情请查看状态或日志。',
};
const NO_DATABASE_RESPONSE: Text = {
  en: 'The database does not respond; check the disk and the log.',
  zh: '数据库没有响应；请检查磁盘和日志。',
};
const NO_POLL_YET: Text = {
  en: 'WireGuard has not been read yet; try again in a moment.',
  zh: '尚未读取 WireGuard；请稍后再试。',
};
const NO_POLL_LATELY: Text = {
  en: 'WireGuard has not been read for some time; check the log.',
  zh: '已有一段时间未能读取 WireGuard；请检查日志。',
};
