import { withTimeLimit } from '../async/deadline.ts';
import { AppError, type Text } from '../domain/errors.ts';
import type { Answer, Shell } from './shell.ts';

const WITHIN_MS = 10_000;

/** The nftables table with the bandwidth limits. */
export interface LimitsTable {
  isThere(signal: AbortSignal): Promise<boolean>;
  cleanup(signal: AbortSignal): Promise<void>;
}

/** Removes the nftables table, and reports whether there was one. */
export async function cleanupCommand({ config }: Shell, table: LimitsTable): Promise<Answer> {
  if (!config.manage) throw new AppError('UNAVAILABLE', MANAGE_OFF);
  const removed = await withTimeLimit(WITHIN_MS, null, async (signal) => {
    const isThere = await table.isThere(signal);
    if (isThere) await table.cleanup(signal);
    return isThere;
  });
  return { json: { removed }, note: removed ? REMOVED : NOTHING_THERE };
}

const REMOVED: Text = {
  en: 'Removed the nftables table "inet wgql" with all bandwidth limits; a running server creates it again.',
  zh: '已删除 nftables 表 "inet wgql" 及其中的所有带宽限制；运行中的服务器会重新创建它。',
};

const NOTHING_THERE: Text = {
  en: 'There is no nftables table "inet wgql", so nothing was removed.',
  zh: '不存在 nftables 表 "inet wgql"，因此未删除任何内容。',
};

const MANAGE_OFF: Text = {
  en: 'WGQL_MANAGE=off forbids changes to nftables, so nothing was removed; run the command with WGQL_MANAGE=on.',
  zh: 'WGQL_MANAGE=off 禁止修改 nftables，因此未删除任何内容；请在 WGQL_MANAGE=on 下运行该命令。',
};
