import type { BilingualCommand } from '../bilingual-command.ts';
import type { Call } from '../run.ts';
import { type Api, connect } from './api.ts';
import { serverUrl } from './server-url.ts';

/** Gives the command an option for the address of the server that it asks. */
export function asksServer(command: BilingualCommand): BilingualCommand {
  return command.with('--url <url>', {
    en: 'the address of the server; without it, the one that the settings name',
    zh: '服务器地址；缺省为设置所指定的地址',
  });
}

/** The API of the server that the command was told to ask, or of the one with these settings. */
export function apiFor({ shell: { config, language }, options }: Call): Api {
  const { url } = options as { readonly url?: string };
  return connect({ url: url ?? serverUrl(config), token: config.token, language });
}
