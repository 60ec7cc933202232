import type { Text } from '../../domain/errors.ts';
import type { ClientDownload } from '../../resolvers/context.ts';

type Language = keyof Text;

/** Asks before it shows the configuration, because messengers open links to preview them. */
export function askingPage(language: Language): string {
  return page(
    language,
    `<p>${ONCE[language]}</p><form method="post"><button>${SHOW[language]}</button></form>`,
  );
}

/** Shows the configuration and its QR code. */
export function configurationPage(
  language: Language,
  { fileName, configuration, qrSvg }: ClientDownload,
): string {
  const file = `data:application/octet-stream;charset=utf-8,${encodeURIComponent(configuration)}`;
  return page(
    language,
    `<p>${SCAN[language]}</p><div class="qr">${qrSvg}</div>` +
      `<p><a class="button" download="${escaped(fileName)}" href="${file}">${SAVE[language]}</a></p>` +
      `<pre>${escaped(configuration)}</pre><p>${GONE_NOW[language]}</p>`,
  );
}

/** Says that the link was used, has expired or never existed, which are not told apart. */
export function endedPage(language: Language): string {
  return page(language, `<p>${ENDED[language]}</p>`);
}

function page(language: Language, content: string): string {
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>WireGuard</title><style>${STYLE}</style><main><h1>WireGuard</h1>${content}</main></html>`;
}

/** Its hash is in the policy of the page. */
export const STYLE =
  'body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1b1b1f;background:#f6f6f8}' +
  'main{max-width:26rem;margin:0 auto;padding:2rem 1.25rem}h1{font-size:1.5rem}' +
  'button,.button{display:inline-block;padding:.7rem 1.2rem;border:0;border-radius:.5rem;' +
  'font:inherit;color:#fff;background:#88171a;text-decoration:none}' +
  '.qr svg{display:block;width:100%;background:#fff}' +
  'pre{padding:.8rem;overflow-x:auto;font-size:.8rem;background:#fff;border-radius:.5rem}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#17171a}pre{background:#222}}';

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const ONCE: Text = {
  en: 'This link shows your WireGuard configuration once. Open it on the device that you want to connect.',
  zh: '此链接只能显示一次您的 WireGuard 配置。请在要连接的设备上打开。',
};
const SHOW: Text = { en: 'Show the configuration', zh: '显示配置' };
const SCAN: Text = {
  en: 'Scan this code with the WireGuard app of another device, or save the file on this one.',
  zh: '请用另一台设备的 WireGuard 应用扫描此二维码，或在本设备上保存文件。',
};
const SAVE: Text = { en: 'Save the file', zh: '保存文件' };
const GONE_NOW: Text = {
  en: 'This page cannot be opened again. Keep the configuration secret.',
  zh: '此页面无法再次打开。请妥善保管该配置。',
};
const ENDED: Text = {
  en: 'This link has been used or has expired. Ask for a new one.',
  zh: '此链接已被使用或已过期。请索取新的链接。',
};
