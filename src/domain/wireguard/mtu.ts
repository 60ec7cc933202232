/** Bytes that every IPv6 link carries (RFC 8200, 5). */
export const MIN_MTU = 1280;

/** The largest packet of IP. */
export const MAX_MTU = 65_535;
