import { setupI18n } from '@lingui/core';
import type first from './en.json';
import type pages from './pages/en.json';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type MessageId = keyof typeof first | keyof typeof pages;

type Values = Readonly<Record<string, string | number>>;

const KEPT_AS = 'wgql.language';

const i18n = setupI18n();
const listeners = new Set<() => void>();

/** The language that was chosen here, or else the one that the browser prefers. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  const known = LANGUAGES.find((language) => language === kept);
  if (known !== undefined) return known;
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return preferred.find((tag): tag is Language => LANGUAGES.some((one) => one === tag)) ?? 'en';
}

/** What every page needs; the build has compiled it. */
const FIRST = { en: () => import('./en.json'), zh: () => import('./zh.json') };

/** What only the pages behind the first one need. */
const PAGES = { en: () => import('./pages/en.json'), zh: () => import('./pages/zh.json') };

let hasPages = false;

export async function activateLanguage(language: Language): Promise<void> {
  const loaded = await Promise.all([FIRST[language](), ...(hasPages ? [PAGES[language]()] : [])]);
  const messages = Object.assign({}, ...loaded.map((part) => part.default));
  i18n.loadAndActivate({ locale: localeOf(language), messages });
  document.documentElement.lang = localeOf(language);
  for (const listener of listeners) listener();
}

/** Loads the texts of all pages but the first. */
export async function loadPageTexts(): Promise<void> {
  hasPages = true;
  const { default: messages } = await PAGES[activeLanguage.get()]();
  i18n.load(i18n.locale, messages);
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language);
  await activateLanguage(language);
}

/** A BCP 47 tag. */
const localeOf = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en');

export const activeLanguage = {
  get: (): Language => (i18n.locale === 'zh-CN' ? 'zh' : 'en'),
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** The locale for `Intl`. */
export const locale = (): string => i18n.locale;

/** A text in the active language. */
export function t(id: MessageId, values?: Values): string {
  return i18n._(id, values);
}

/** Whether there is a text for an id that is made of a word from the server, which may be newer than the page. */
export const hasText = (id: string): id is MessageId => i18n.messages[id] !== undefined;
