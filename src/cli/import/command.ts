import { resolve } from 'node:path';
import type { Text } from '../../domain/errors.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import type { ImportedPeer } from '../../import/imported.ts';
import { mergePeers } from '../../import/merge-peers.ts';
import { readPath } from '../../import/read-path.ts';
import type { Api } from '../api/api.ts';
import { apiFor, asksServer } from '../api/with-api.ts';
import type { BilingualCommand } from '../bilingual-command.ts';
import type { Run } from '../run.ts';
import { linesOfPlan, notTaken, type Plan } from './plan.ts';

interface ImportOptions {
  readonly apply?: boolean;
  readonly takeOver?: boolean;
  readonly totals?: boolean;
  readonly interface?: string;
}

const IMPORT = `mutation ($users: [ImportUserInput!]!, $takeOver: Boolean!, $apply: Boolean!) {
  importUsers(users: $users, takeOver: $takeOver, apply: $apply) {
    applied results { publicKey action fields error { code message } }
  }
}`;

/** Adds the command that takes users over from another tool. */
export function addImportCommand(program: BilingualCommand, run: Run): void {
  const command = asksServer(
    program.has('import', {
      en: 'plan to take over the users of wg-easy, WGDashboard, PiVPN, wireguard-ui, wg-portal or wg-quick',
      zh: '计划从 wg-easy、WGDashboard、PiVPN、wireguard-ui、wg-portal 或 wg-quick 导入用户',
    }),
  )
    .takes('<path>', {
      en: 'its database, backup or configuration, or their folder',
      zh: '其数据库、备份或配置文件，或所在文件夹',
    })
    .with('--apply', {
      en: 'carry the plan out, all or nothing',
      zh: '执行计划，全部成功或全部不做',
    })
    .with('--take-over', {
      en: 'control the peers from now on, and create those that WireGuard does not have',
      zh: '今后由 wgql 管理这些对等节点，并创建 WireGuard 中没有的',
    })
    .with('--totals', { en: 'take over total traffic too', zh: '同时导入累计流量' })
    .with('--interface <name>', {
      en: 'create users on this interface, whatever the file says',
      zh: '在此接口上创建用户，忽略文件中的接口',
    });
  run(command, async (call) => {
    const options = call.options as ImportOptions;
    const calendar = calendarOf(call.shell.config.timeZone);
    const files = await readPath(resolve(call.words[0] ?? ''), calendar);
    const peers = mergePeers(files.map(({ content }) => content?.peers ?? []));
    const unread = files.flatMap(({ content }) => content?.problems ?? []).length;
    // All or nothing: what cannot be read is part of all.
    const apply = unread === 0 && (options.apply ?? false);
    const plan = await planOf(apiFor(call), peers, { ...options, apply });
    return {
      json: {
        ...plan,
        files: files.map(({ path, content }) => ({ path, isRead: content !== null })),
      },
      lines: linesOfPlan(plan, peers),
      note: linesOf([
        ...notTaken(files),
        unread > 0 ? unreadPeers(unread) : summaryOf(plan, options),
      ]),
      isGood: unread === 0 && plan.results.every(({ error }) => error === null),
    };
  });
}

async function planOf(
  api: Api,
  peers: readonly ImportedPeer[],
  options: ImportOptions,
): Promise<Plan> {
  if (peers.length === 0) return { applied: false, results: [] };
  const users = peers.map((peer) => ({
    publicKey: peer.publicKey,
    nickname: peer.nickname,
    mail: peer.mail,
    note: peer.note,
    interface: options.interface ?? peer.interface,
    allowedIps: peer.allowedIps,
    presharedKey: peer.presharedKey,
    persistentKeepalive: peer.persistentKeepaliveSeconds,
    enabled: peer.enabled,
    dataLimit: peer.dataLimitMb,
    expiresAt: peer.expiresAt,
    ...(options.totals && {
      totalRx: peer.totals?.rx.toString(),
      totalTx: peer.totals?.tx.toString(),
    }),
  }));
  const { apply = false, takeOver = false } = options;
  const { importUsers } = await api.ask<{ importUsers: Plan }>(IMPORT, { users, takeOver, apply });
  return importUsers;
}

const linesOf = (texts: readonly Text[]): Text => ({
  en: texts.map(({ en }) => en).join('\n'),
  zh: texts.map(({ zh }) => zh).join('\n'),
});

function summaryOf({ applied, results }: Plan, { takeOver }: ImportOptions): Text {
  const count = (wanted: string) => results.filter(({ action }) => action === wanted).length;
  const [created, updated, leftOut] = [count('CREATE'), count('UPDATE'), count('LEAVE_OUT')];
  const refused = results.filter(({ error }) => error !== null).length;
  if (refused > 0) return refusal(refused);
  if (created + updated === 0) return nothingToDo(takeOver ? 0 : leftOut);
  if (applied) {
    const [others, othersZh] =
      leftOut === 0 ? ['', ''] : [`; left out ${leftOut}`, `，未导入 ${leftOut} 个`];
    return {
      en: `Created ${created} and updated ${updated} users${others}.`,
      zh: `已创建 ${created} 个用户，更新 ${updated} 个用户${othersZh}。`,
    };
  }
  return {
    en: `Nothing was changed. With --apply, ${created} users would be created and ${updated} updated.`,
    zh: `未做任何更改。使用 --apply 将创建 ${created} 个用户，更新 ${updated} 个用户。`,
  };
}

function unreadPeers(count: number): Text {
  return {
    en: `Nothing was changed, because ${count} peers cannot be read; correct them, or remove them from the file.`,
    zh: `未做任何更改，因为有 ${count} 个对等节点无法读取；请从文件中删除或修正它们。`,
  };
}

function refusal(count: number): Text {
  return {
    en: `Nothing was changed, because ${count} users are refused; correct them, or remove them from the file.`,
    zh: `未做任何更改，因为有 ${count} 个用户被拒绝；请从文件中删除或修正它们。`,
  };
}

function nothingToDo(leftOut: number): Text {
  if (leftOut === 0) return { en: 'There is nothing to change.', zh: '没有需要更改的内容。' };
  return {
    en: `There is nothing to change; ${leftOut} peers are not in WireGuard, and --take-over would create them.`,
    zh: `没有需要更改的内容；有 ${leftOut} 个对等节点不在 WireGuard 中，使用 --take-over 会创建它们。`,
  };
}
