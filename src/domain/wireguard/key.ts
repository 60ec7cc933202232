/** Base64 of 32 bytes: 43 digits and a padding character; the last digit encodes only four bits. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export function isKey(text: string): boolean {
  return KEY.test(text);
}

/** Converts a key from 64 hexadecimal digits, as in the userspace protocol; null if the text is not one. */
export function keyFromHex(hex: string): string | null {
  return /^[0-9a-f]{64}$/i.test(hex) ? Buffer.from(hex, 'hex').toString('base64') : null;
}
