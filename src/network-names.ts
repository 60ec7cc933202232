import { isIP } from 'node:net';

/** Whether it is an origin as browsers write it, such as `https://app.example` or `http://[::1]:5173`. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) && origin === text.toLowerCase();
}

/** Whether it is an IP address, or one with the length of a prefix, such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : null;
  if (bits === null || more.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
}
