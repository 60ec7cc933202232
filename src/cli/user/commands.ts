import { calendarOf } from '../../domain/time/calendar.ts';
import { apiFor, asksServer } from '../api/with-api.ts';
import type { BilingualCommand } from '../bilingual-command.ts';
import type { Call, Run } from '../run.ts';
import type { Answer } from '../shell.ts';
import { UsageError } from '../usage-error.ts';
import { changeUser, deleteUser } from './change.ts';
import { findUser } from './find.ts';
import { type LimitOptions, limitsIn } from './limits.ts';
import { filterOf, type ListOptions, listAll } from './list-all.ts';
import { linesOfUser, linesOfUsers } from './show.ts';

const calendarIn = ({ shell }: Call) => calendarOf(shell.config.timeZone);

/** Adds the commands on users, which ask a running server. */
export function addUserCommands(program: BilingualCommand, run: Run): void {
  const user = program.has('user', {
    en: 'show and change the users of a running server',
    zh: '查看和修改运行中服务器的用户',
  });
  const one = (name: string, en: string, zh: string) =>
    asksServer(user.has(name, { en, zh })).takes('<user>', {
      en: 'the name, id or public key',
      zh: '名称、ID 或公钥',
    });
  const list = asksServer(user.has('list', { en: 'list the users', zh: '列出用户' }))
    .with('--online', { en: 'only users who are online', zh: '仅在线用户' })
    .with('--search <text>', { en: 'only users with this text', zh: '仅包含此文本的用户' })
    .with('--interface <name>', { en: 'only users of this interface', zh: '仅此接口的用户' })
    .with('--owner <name>', { en: 'only users of this owner', zh: '仅此所有者的用户' })
    .with('--tag <tag>', { en: 'only users with this tag', zh: '仅带此标签的用户' });
  run(list, async (call) => {
    const users = await listAll(apiFor(call), filterOf(call.options as ListOptions));
    return { json: users, lines: linesOfUsers(users, calendarIn(call)) };
  });
  run(one('show', 'show all about a user', '查看用户的全部信息'), async (call) => {
    const found = await findUser(apiFor(call), call.words[0] ?? '');
    return { json: found, lines: linesOfUser(found, calendarIn(call)) };
  });
  const rename = one('rename', 'give a user another name', '修改用户名称');
  rename.takes('<name>', { en: 'the new name', zh: '新名称' });
  run(rename, (call) => changed(call, { nickname: call.words[1] }));
  run(one('enable', 'give a user access', '启用用户'), (call) => changed(call, { enabled: true }));
  run(one('disable', 'take the access of a user', '禁用用户'), (call) =>
    changed(call, { enabled: false }),
  );
  run(one('delete', 'delete a user with its history', '删除用户及其历史记录'), (call) =>
    deleteUser(apiFor(call), call.words[0] ?? ''),
  );
  addLimit(one('limit', 'limit a user; other limits stay', '限制用户；其他限制不变'), run);
}

function addLimit(limit: BilingualCommand, run: Run): void {
  limit
    .with('--quota <amount>', {
      en: 'bytes in both directions, such as 50G or 800M (1 G = 1024 M), or off',
      zh: '双向流量，例如 50G 或 800M（1 G = 1024 M），或 off',
    })
    .with('--period <period>', {
      en: 'when the quota starts again: day, week, month or none',
      zh: '配额重新开始的周期：day、week、month 或 none',
    })
    .with('--bandwidth <rate>', {
      en: 'in each direction, such as 10M (Mbit/s) or 500k, or off',
      zh: '每个方向的速率，例如 10M（Mbit/s）或 500k，或 off',
    })
    .with('--expires <when>', {
      en: 'a date, a time, a duration from now such as 30d, or never',
      zh: '日期、时间、从现在起的时长（例如 30d），或 never',
    });
  run(limit, (call) => {
    const { url: _, ...options } = call.options as LimitOptions & { readonly url?: string };
    const input = limitsIn(options, call.shell.now, calendarIn(call));
    if ('en' in input) throw new UsageError(input, limit.helpInformation());
    return changed(call, input);
  });
}

async function changed(call: Call, input: object): Promise<Answer> {
  return changeUser(apiFor(call), call.words[0] ?? '', input, calendarIn(call));
}
