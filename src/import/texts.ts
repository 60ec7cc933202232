import type { Text } from '../domain/errors.ts';

/** Why a peer is not taken over. No text repeats a value: it may be a secret in the wrong place. */
export const PROBLEMS = {
  noKey: {
    en: 'has no public key.',
    zh: '没有公钥。',
  },
  invalidKey: {
    en: 'has a public key in a wrong form; it must be base64 of 32 bytes, 44 characters.',
    zh: '的公钥格式不正确；必须是 32 字节的 base64，共 44 个字符。',
  },
  duplicate: {
    en: 'has the public key of an earlier peer; only the earlier one is taken over.',
    zh: '与前面的对等节点公钥相同；只导入前面的那一个。',
  },
  presharedKey: {
    en: 'has a preshared key in a wrong form; it must be base64 of 32 bytes, 44 characters.',
    zh: '的预共享密钥格式不正确；必须是 32 字节的 base64，共 44 个字符。',
  },
  allowedIps: {
    en: 'has allowed IPs that are not a list of prefixes such as 10.0.0.2/32.',
    zh: '的允许 IP 不是由 10.0.0.2/32 这样的前缀组成的列表。',
  },
  keepalive: {
    en: 'has a persistent keepalive that is not a number of seconds from 0 to 65535.',
    zh: '的保活间隔不是 0 到 65535 之间的秒数。',
  },
  expiry: {
    en: 'has an expiry that is not a time.',
    zh: '的到期时间不是有效的时间。',
  },
  dataLimit: {
    en: 'has a data limit that is not a positive number of GB, or is too large.',
    zh: '的流量限额不是正数（GB），或者过大。',
  },
  values: {
    en: 'is in a row with an unknown number of values.',
    zh: '所在的行含有未知数量的值。',
  },
} as const satisfies Record<string, Text>;

/** What is not taken over from any peer, and why. */
export const LEFT = {
  privateKeys: {
    en: 'Private keys are not taken over: wgql never keeps them.',
    zh: '不导入私钥：wgql 从不保存私钥。',
  },
  keysInText: {
    en: 'Keys that were part of a name or note were replaced by "…".',
    zh: '名称或备注中的密钥已替换为“…”。',
  },
  longTexts: {
    en: 'Names and notes of more than 256 characters were shortened.',
    zh: '超过 256 个字符的名称和备注已截短。',
  },
  mails: {
    en: 'Mail addresses in a wrong form were left out.',
    zh: '格式不正确的邮箱地址未导入。',
  },
  interfaceNames: {
    en: 'Interface names that Linux does not accept were left out.',
    zh: 'Linux 不接受的接口名未导入。',
  },
  totals: {
    en: 'Totals that are not positive numbers of GB were left out.',
    zh: '不是正数（GB）的流量总计未导入。',
  },
  interfaceSettings: {
    en: 'The settings of the interfaces stay where they are: wgql configures peers, not interfaces.',
    zh: '接口设置保持不变：wgql 只配置对等节点，不配置接口。',
  },
  endpoints: {
    en: 'Endpoints are not taken over: WireGuard learns them from the packets of the clients.',
    zh: '不导入端点：WireGuard 会从客户端的数据包中获知端点。',
  },
  clientSettings: {
    en: 'Settings of the client files (DNS, MTU, keepalive, routes) are not taken over: the clients have them.',
    zh: '不导入客户端文件的设置（DNS、MTU、保活间隔、路由）：客户端已有这些设置。',
  },
  hooks: {
    en: 'Commands and firewall rules are not taken over: wgql runs no commands of other tools.',
    zh: '不导入命令和防火墙规则：wgql 不运行其他工具的命令。',
  },
  accounts: {
    en: 'Accounts and links of the web interface are not taken over: wgql identifies clients by tokens.',
    zh: '不导入网页界面的账户和链接：wgql 通过令牌识别客户端。',
  },
  deletedPeers: {
    en: 'Deleted peers are not taken over.',
    zh: '不导入已删除的对等节点。',
  },
  history: {
    en: 'The history of traffic and endpoints is not taken over: its points have no defined length.',
    zh: '不导入流量和端点的历史记录：其中的数据点没有确定的时长。',
  },
  jobs: {
    en: 'Of the jobs, only those that restrict a peer after a date or after an amount of total data are taken over.',
    zh: '在计划任务中，只导入在某一日期之后或总流量超过某一数值之后限制对等节点的任务。',
  },
} as const satisfies Record<string, Text>;
