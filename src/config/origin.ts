/**
 * Whether the text is an origin as browsers send it, such as `https://app.example` or `http://[::1]:5173`.
 */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) && origin === text.toLowerCase();
}
