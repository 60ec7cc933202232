const WRITTEN_BY_PROXIES = /^(?:forwarded|via|x-forwarded-.+|x-real-ip)$/i;

/** Whether the header is one that proxies set to report the origin of a request. */
export function isProxyHeader(name: string): boolean {
  return WRITTEN_BY_PROXIES.test(name);
}
