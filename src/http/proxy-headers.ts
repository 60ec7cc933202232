const WRITTEN_BY_PROXIES = /^(?:forwarded|via|x-forwarded-.+|x-real-ip)$/i;

/** Whether proxies write the header to say whom a request comes from. */
export function isProxyHeader(name: string): boolean {
  return WRITTEN_BY_PROXIES.test(name);
}
