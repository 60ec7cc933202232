/** How the service starts, and what it needs. */
export interface ServiceOptions {
  /** The program and its arguments, each an absolute path. */
  readonly start: readonly string[];
  /** Interfaces of userspace daemons have sockets that only root may open. */
  readonly hasUserspace: boolean;
  /** The interfaces that wg-quick(8) may start at boot. */
  readonly interfaces: readonly string[];
}

/** The unit for systemd: a user of its own, the capabilities that WireGuard needs, and nothing else. */
export function unitText({ start, hasUserspace, interfaces }: ServiceOptions): string {
  // Each by its name: nothing starts wg-quick.target, so an order after it alone has no effect.
  const tunnels = interfaces.map((name) => ` wg-quick@${name}.service`).join('');
  const capabilities = hasUserspace ? 'CAP_NET_ADMIN CAP_DAC_OVERRIDE' : 'CAP_NET_ADMIN';
  return `[Unit]
Description=wgql, monitoring and control of WireGuard
Wants=network-online.target
After=network-online.target wg-quick.target nftables.service${tunnels}

[Service]
Type=exec
User=wgql
Group=wgql
StateDirectory=wgql
StateDirectoryMode=0700
EnvironmentFile=-${ENVIRONMENT_FILE}
Environment=NODE_ENV=production WGQL_DATABASE_URL=file:/var/lib/wgql/wgql.db
ExecStart=${start.map(quoted).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
TimeoutStopSec=15
LimitNOFILE=16384
AmbientCapabilities=${capabilities}
CapabilityBoundingSet=${capabilities}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
UMask=0077
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

export const UNIT_FILE = '/etc/systemd/system/wgql.service';
export const SYSUSERS_FILE = '/etc/sysusers.d/wgql.conf';
export const ENVIRONMENT_FILE = '/etc/wgql/wgql.env';

/** The user of the service, for systemd-sysusers. */
export const SYSUSERS = 'u wgql - "wgql" /var/lib/wgql\n';

/** The settings of the service; the file is not replaced if it exists. */
export const ENVIRONMENT = `# Settings of wgql, one NAME=value a line; docs/SETTINGS.md lists them.
# WGQL_TIME_ZONE=Europe/Berlin
# WGQL_ENDPOINT=vpn.example:51820
`;

/** systemd splits words at spaces, and expands % and $. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /["'\\\s]/.test(escaped) ? `"${escaped.replace(/["\\]/g, '\\$&')}"` : escaped;
}
