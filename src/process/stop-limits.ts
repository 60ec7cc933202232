import type { Part } from './shutdown.ts';

type Limit = Omit<Part, 'end'>;

/**
 * The parts that a stop waits for: how the log names each, and for how long. They add up to less than the time after
 * which the process ends by itself, apart from the two that are off by default: `metrics` and `spans`.
 */
export const STOP_LIMITS = {
  spans: { name: { en: 'the last spans', zh: '最后的追踪数据' }, withinMs: 1_000 },
  database: { name: { en: 'the database', zh: '数据库' }, withinMs: 500 },
  tokenUses: {
    name: { en: 'the last use of tokens', zh: '令牌的最后使用时间' },
    withinMs: 300,
  },
  connections: { name: { en: 'connections', zh: '连接' }, withinMs: 1_700 },
  metrics: { name: { en: 'connections for metrics', zh: '指标连接' }, withinMs: 1_700 },
  subscriptions: { name: { en: 'subscriptions', zh: '订阅' }, withinMs: 100 },
  webhooks: { name: { en: 'messages to webhooks', zh: '发往 Webhook 的消息' }, withinMs: 150 },
  lastPoll: { name: { en: 'the last poll', zh: '最后一次轮询' }, withinMs: 1_700 },
  retention: { name: { en: 'the removal of old records', zh: '旧记录的删除' }, withinMs: 200 },
  newConnections: { name: { en: 'new connections', zh: '新连接' }, withinMs: 100 },
} as const satisfies Readonly<Record<string, Limit>>;
