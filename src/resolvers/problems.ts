import type { Text } from '../domain/errors.ts';
import { MAX_MTU, MIN_MTU } from '../domain/wireguard/mtu.ts';

/** The largest value of a GraphQL Int, the type of limits and ids. */
export const MAX_INT = 2_147_483_647;
export const MAX_TEXT_LENGTH = 256;
export const MAX_OWNER_LENGTH = 100;
export const MAX_TAGS = 20;
export const MAX_TAG_LENGTH = 50;
export const MAX_PAGE = 1000;
export const MAX_IDS = 1000;
export const MAX_ALLOWED_IPS = 128;
/** A week. */
export const MAX_LINK_MINUTES = 10_080;

/** Error texts by the key that the zod schemas give as their message. */
export const PROBLEMS = {
  publicKey: {
    en: 'must be a WireGuard public key: base64 of 32 bytes, 44 characters',
    zh: '必须是 WireGuard 公钥：32 字节的 base64，共 44 个字符',
  },
  presharedKey: {
    en: 'must be a WireGuard preshared key: base64 of 32 bytes, 44 characters',
    zh: '必须是 WireGuard 预共享密钥：32 字节的 base64，共 44 个字符',
  },
  text: {
    en: `must be a text of at most ${MAX_TEXT_LENGTH} characters without control characters`,
    zh: `必须是不超过 ${MAX_TEXT_LENGTH} 个字符且不含控制字符的文本`,
  },
  mail: {
    en: 'must be empty or an email address',
    zh: '必须为空或有效的邮箱地址',
  },
  owner: {
    en: `must be a name of at most ${MAX_OWNER_LENGTH} characters without control characters`,
    zh: `必须是不超过 ${MAX_OWNER_LENGTH} 个字符且不含控制字符的名称`,
  },
  tags: {
    en: `must be at most ${MAX_TAGS} tags of 1 to ${MAX_TAG_LENGTH} characters without control characters`,
    zh: `必须是最多 ${MAX_TAGS} 个标签，每个 1 到 ${MAX_TAG_LENGTH} 个字符，且不含控制字符`,
  },
  limit: {
    en: `must be a whole number from 0 (no limit) to ${MAX_INT}`,
    zh: `必须是 0（无限制）到 ${MAX_INT} 之间的整数`,
  },
  keepalive: {
    en: 'must be a whole number of seconds from 0 (off) to 65535',
    zh: '必须是 0（关闭）到 65535 之间的整数（秒）',
  },
  linkMinutes: {
    en: `must be a whole number of minutes from 1 to ${MAX_LINK_MINUTES}`,
    zh: `必须是 1 到 ${MAX_LINK_MINUTES} 之间的整数（分钟）`,
  },
  mtu: {
    en: `must be a whole number of bytes from ${MIN_MTU} to ${MAX_MTU}`,
    zh: `必须是 ${MIN_MTU} 到 ${MAX_MTU} 之间的整数（字节）`,
  },
  boolean: {
    en: 'must be true or false',
    zh: '必须是 true 或 false（1 或 0）',
  },
  date: {
    en: 'must be a time up to 9999-12-31: YYYY-MM-DD, YYYY-MM-DD HH:MM:SS, or ISO 8601 with an offset',
    zh: '必须是不晚于 9999-12-31 的时间：YYYY-MM-DD、YYYY-MM-DD HH:MM:SS 或带时区偏移的 ISO 8601',
  },
  interface: {
    en: 'must be an interface name: 1 to 15 bytes without spaces, slashes or colons',
    zh: '必须是接口名：1 到 15 个字节，不能包含空格、斜杠和冒号',
  },
  allowedIps: {
    en: `must be at most ${MAX_ALLOWED_IPS} IPv4 or IPv6 prefixes such as 10.0.0.2/32`,
    zh: `必须是最多 ${MAX_ALLOWED_IPS} 个 IPv4 或 IPv6 前缀，例如 10.0.0.2/32`,
  },
  addresses: {
    en: 'must be at most 8 IP addresses',
    zh: '必须是最多 8 个 IP 地址',
  },
  quotaPeriod: {
    en: 'must be one of NONE, DAY, WEEK, MONTH',
    zh: '必须是 NONE、DAY、WEEK、MONTH 之一',
  },
  id: {
    en: 'must be an id, which is a whole number',
    zh: '必须是整数 ID',
  },
  ids: {
    en: `must be a list of at most ${MAX_IDS} ids`,
    zh: `必须是最多 ${MAX_IDS} 个 ID 的列表`,
  },
  first: {
    en: `must be a whole number from 0 to ${MAX_PAGE}`,
    zh: `必须是 0 到 ${MAX_PAGE} 之间的整数`,
  },
  cursor: {
    en: 'is not a cursor of this list; use the endCursor of one of its pages',
    zh: '不是此列表的游标；请使用此列表某一页的 endCursor',
  },
  fixed: {
    en: 'cannot be changed; delete the user and create a new one',
    zh: '不能修改；请删除该用户后重新创建',
  },
  interval: {
    en: 'must be a whole number of milliseconds from 0 to 3600000',
    zh: '必须是 0 到 3600000 之间的整数（毫秒）',
  },
  unknown: {
    en: 'is not valid',
    zh: '无效',
  },
  tokenName: {
    en: 'must be 1 to 64 characters without leading or trailing spaces, and not local, cli, wgql or WGQL_TOKEN',
    zh: '必须是 1 到 64 个字符，首尾不含空格，且不能是 local、cli、wgql、WGQL_TOKEN',
  },
  role: {
    en: 'must be one of self, viewer, operator, admin',
    zh: '必须是 self、viewer、operator、admin 之一',
  },
  ownerOfSelf: {
    en: 'is required for the role self, and allowed only there',
    zh: '仅在角色为 self 时必须提供，其他角色不得提供',
  },
  networks: {
    en: 'must be 1 to 32 IPv4 or IPv6 addresses or prefixes such as 192.0.2.0/24',
    zh: '必须是 1 到 32 个 IPv4 或 IPv6 地址或前缀，例如 192.0.2.0/24',
  },
  future: {
    en: 'must be in the future',
    zh: '必须是将来的时间',
  },
  timeZone: {
    en: 'must be an IANA time zone such as Asia/Shanghai',
    zh: '必须是 IANA 时区，例如 Asia/Shanghai',
  },
  eventTypes: {
    en: 'must be a list of at least one type of event, or null for all',
    zh: '必须是至少包含一种事件类型的列表；null 表示全部',
  },
  auditActions: {
    en: `must be a list of at most ${MAX_IDS} actions`,
    zh: `必须是最多 ${MAX_IDS} 个操作的列表`,
  },
  template: {
    en: 'must be a text of at most 4000 characters',
    zh: '必须是不超过 4000 个字符的文本',
  },
  contentType: {
    en: 'must be a media type in lower case, such as application/json or text/plain; charset=utf-8',
    zh: '必须是小写的媒体类型，例如 application/json 或 text/plain; charset=utf-8',
  },
  days: {
    en: 'must be a whole number from 1 to 365',
    zh: '必须是 1 到 365 之间的整数',
  },
} as const satisfies Record<string, Text>;

export type ProblemKey = keyof typeof PROBLEMS;

export function problemText(key: ProblemKey): Text {
  return PROBLEMS[key];
}
