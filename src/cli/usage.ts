const TOKEN_CREATE = `wgql token create --name NAME --role viewer|operator|admin [--expires WHEN] [--from PREFIX,...]
              create a token and print it only this once; WHEN is a date, a time, or a duration
              from now (12h, 30d, 8w, 1y); PREFIX is, for example, 192.0.2.0/24
              创建令牌并显示一次；WHEN 为日期、时间或时长，PREFIX 例如 192.0.2.0/24
`;
const TOKEN_LIST = `wgql token list
              list the tokens, without their secrets
              列出令牌（不显示令牌本身）
`;
const TOKEN_REVOKE = `wgql token revoke NAME|ID
              revoke a token and end its subscriptions
              吊销令牌并结束其订阅
`;

export const TOKEN_USAGE = `${TOKEN_CREATE}${TOKEN_LIST}${TOKEN_REVOKE}`;

export const BACKUP_USAGE = `wgql backup FILE
              copy the database, even while the server runs; the copy does not include the key file
              复制数据库（服务器运行时也可以）；不含密钥文件
`;

export const CLEANUP_USAGE = `wgql cleanup
              remove the nftables table of wgql with all bandwidth limits
              删除 wgql 的 nftables 表及其中的所有带宽限制
`;

const SERVE_USAGE = `wgql
              monitor the WireGuard interfaces of this machine
              监控本机的 WireGuard 接口
`;

export const DEMO_USAGE = `wgql demo
              run with simulated interfaces and users
              使用模拟的接口和用户运行
`;

const OTHERS = `wgql version
              print the version
              显示版本
wgql help [COMMAND]
              show this help; every command supports --help
              显示此帮助；每个命令都支持 --help
`;

export const USAGE = `${SERVE_USAGE}${DEMO_USAGE}${CLEANUP_USAGE}${BACKUP_USAGE}${TOKEN_USAGE}${OTHERS}`;

/** The usage of each command, by its name. */
export const USAGES: ReadonlyMap<string, string> = new Map([
  ['demo', DEMO_USAGE],
  ['cleanup', CLEANUP_USAGE],
  ['backup', BACKUP_USAGE],
  ['token', TOKEN_USAGE],
  ['version', OTHERS],
  ['help', OTHERS],
]);
