/** Whether it is an origin as browsers write it, such as `https://app.example` or `http://[::1]:5173`. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) && origin === text.toLowerCase();
}
