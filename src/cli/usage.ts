export const TOKEN_USAGE = `wgql token create --name NAME --role viewer|operator|admin [--expires WHEN] [--from PREFIX,...]
              make a token and print it, this once; WHEN is a date, a time, or how long
              from now (12h, 30d, 8w, 1y); PREFIX is such as 192.0.2.0/24
wgql token list
              show the tokens, without what lets their holders in
wgql token revoke NAME|ID
              end a token and its live streams
`;

export const BACKUP_USAGE = `wgql backup FILE
              copy the database, also while the server runs; the key file is not in it
`;

export const USAGE = `wgql          watch this machine's WireGuard
wgql demo     watch a simulated fleet
wgql cleanup  remove the nftables table of wgql, and with it every bandwidth limit
${BACKUP_USAGE}${TOKEN_USAGE}`;
