import type { Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import { isRepeatable } from '../domain/secret-like.ts';
import { detailsOf } from './failure-log.ts';

const READ_AGAIN: Text = {
  en: 'WireGuard is read and recorded again.',
  zh: '已恢复对 WireGuard 的读取和记录。',
};

/** Logs when the problem of the polls changes or ends. */
export function problemLog(log: Log): (problem: Text | null, cause?: unknown) => void {
  return (problem, cause) => {
    if (problem === null) log.info(READ_AGAIN);
    else log.warn(problem, detailsOf(cause));
  };
}

/** Logs the number of connections that a stop destroyed. */
export function cutLog(log: Log): (count: number) => void {
  return (count) =>
    log.warn({
      en: `Connections destroyed at the stop because their clients did not close them in time: ${count}.`,
      zh: `停止时因客户端未及时关闭而断开的连接数：${count}。`,
    });
}

/** Logs the name of a line in the response of a daemon that wgql ignores. */
export function unknownNameLog(log: Log): (interfaceName: string, name: string) => void {
  return (interfaceName, name) => {
    const shown = isRepeatable(name) ? name : '…';
    log.info({
      en: `The daemon of ${interfaceName} sends "${shown}", which wgql does not know and ignores.`,
      zh: `${interfaceName} 的守护进程发送了 wgql 不认识的 "${shown}"，已忽略。`,
    });
  };
}
