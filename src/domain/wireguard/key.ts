/** Base64 of 32 bytes: 43 digits and a padding; the last digit carries only four bits. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export function isKey(text: string): boolean {
  return KEY.test(text);
}

/** The key of 64 hexadecimal digits, as the userspace protocol writes it; null for anything else. */
export function keyFromHex(hex: string): string | null {
  return /^[0-9a-f]{64}$/i.test(hex) ? Buffer.from(hex, 'hex').toString('base64') : null;
}
