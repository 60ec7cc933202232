import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { runCommand } from '../wg/command/run.ts';
import { systemNetworks } from '../wg/host-networks.ts';
import { bad, type Finding, good } from './finding.ts';

const WITHIN_MS = 5_000;

const FORWARDING = [
  { name: 'IPv4 forwarding', key: 'net.ipv4.ip_forward', family: 'IPv4' },
  { name: 'IPv6 forwarding', key: 'net.ipv6.conf.all.forwarding', family: 'IPv6' },
] as const;

/** Whether packets of clients leave this machine; wgql itself configures neither forwarding nor NAT. */
export async function checkForwarding(stop: AbortSignal): Promise<Finding[]> {
  const forwarding = FORWARDING.map(async ({ name, key, family }) => {
    const file = `/proc/sys/${key.replaceAll('.', '/')}`;
    const value = await readFile(file, 'utf8').catch(() => '');
    if (value.trim() === '1') return good(name, `${key} is 1.`, `${key} 为 1。`);
    const [en, zh] = [
      `${key} is not 1, so over ${family} clients reach only this machine`,
      `${key} 不为 1，客户端通过 ${family} 只能访问本机`,
    ];
    // Many servers have no IPv6.
    return family === 'IPv6'
      ? good(name, `${en}.`, `${zh}。`)
      : bad(
          name,
          `${en}; set it with "sysctl -w ${key}=1".`,
          `${zh}；可用 "sysctl -w ${key}=1" 设置。`,
        );
  });
  return [...(await Promise.all(forwarding)), await checkNat(stop)];
}

async function checkNat(stop: AbortSignal): Promise<Finding> {
  const rules = await runCommand('nft', ['list', 'ruleset'], { withinMs: WITHIN_MS, stop }).then(
    ({ stdout }) => stdout,
    () => null,
  );
  if (rules === null) {
    return good(
      'NAT',
      'The rules of nftables cannot be read here.',
      '此处无法读取 nftables 规则。',
    );
  }
  if (/\b(masquerade|snat)\b/i.test(rules)) {
    return good('NAT', 'nftables translates addresses.', 'nftables 已配置地址转换。');
  }
  return good(
    'NAT',
    'No rule of nftables translates addresses; clients reach the internet only if their network is routed there.',
    'nftables 中没有地址转换规则；只有当客户端网段可被路由时，客户端才能访问互联网。',
  );
}

/**
 * Whether clients get a configuration with an address of this server. `stored`: the interfaces whose endpoint was set
 * over the API.
 */
export async function checkEndpoint(
  { endpoints }: Pick<Config, 'endpoints'>,
  stored: readonly string[],
  stop: AbortSignal,
): Promise<Finding> {
  if (endpoints.size > 0) {
    return good('endpoint', 'WGQL_ENDPOINT is set.', '已设置 WGQL_ENDPOINT。');
  }
  if (stored.length > 0) {
    const list = stored.join(', ');
    return good('endpoint', `The endpoint of ${list} is set.`, `已设置 ${list} 的对外地址。`);
  }
  const networks = systemNetworks();
  const address = await networks
    .refresh(stop)
    .then(() => networks.publicAddress())
    .catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
  if (address !== null) {
    return good('endpoint', `Clients connect to ${address}.`, `客户端将连接 ${address}。`);
  }
  return bad(
    'endpoint',
    'This machine has no public address, so no client configuration can be made; set WGQL_ENDPOINT to host:port.',
    '本机没有公网地址，无法生成客户端配置；请将 WGQL_ENDPOINT 设为 主机:端口。',
  );
}

/** Whether the server can listen, or listens already. */
export async function checkPort(
  { host, port }: Config,
  url: string,
  stop: AbortSignal,
): Promise<Finding> {
  const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
  if (failure === null)
    return good('port', `Port ${port} of ${host} is free.`, `${host} 的端口 ${port} 空闲。`);
  if (await answersAsWgql(url, stop)) {
    return good('port', `wgql is running at ${url}.`, `wgql 正在 ${url} 运行。`);
  }
  return bad(
    'port',
    `Port ${port} of ${host} cannot be used (${failure.code}); set WGQL_PORT or WGQL_HOST.`,
    `无法使用 ${host} 的端口 ${port}（${failure.code}）；请设置 WGQL_PORT 或 WGQL_HOST。`,
  );
}

/** The certificate is not checked: it names another host than the loopback address. */
function answersAsWgql(url: string, stop: AbortSignal): Promise<boolean> {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const request = get(
      `${url}/healthz`,
      { signal: stop, rejectUnauthorized: false },
      (response) => {
        text(response).then(
          (body) => resolve(body === HEALTHY),
          () => resolve(false),
        );
      },
    );
    request.on('error', () => resolve(false));
  });
}

const HEALTHY = JSON.stringify({ status: 'ok' });
