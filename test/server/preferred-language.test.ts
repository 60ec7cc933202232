import { describe, expect, it } from 'vitest';
import { preferredLanguage } from '../../src/server/preferred-language.ts';

const requestWith = (header?: string) => ({ headers: { 'accept-language': header } });

describe('the preferred language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['*,zh;q=0.5', 'zh'],
    ['fr, de;q=0.5', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['ZH-hant-TW', 'zh'],
    ['en-GB,zh;q=0.9', 'en'],
    ['en;q=0.5,zh', 'zh'],
    ['en;q=0.5 , zh; q=0.7', 'zh'],
    ['fr,en;q=0.2,zh;q=0.3', 'zh'],
    ['en;q=0.8,zh;q=0.8', 'en'],
    ['zh;q=0.8,en;q=0.8', 'zh'],
    ['zh;q=0,fr', 'en'],
    ['zh;q=0,en;q=0.1', 'en'],
    ['zh;q=much,en;q=0.1', 'en'],
    ['zh;level=1;q=0.9,en;q=0.5', 'zh'],
    ['english', 'en'],
    ['zhuang', 'en'],
    [',;,zh;;,', 'zh'],
  ] as const)('of %j is %s', (header, language) => {
    expect(preferredLanguage(requestWith(header), 'en')).toBe(language);
  });

  it('is the fallback if the client names neither', () => {
    expect(preferredLanguage(requestWith(), 'zh')).toBe('zh');
    expect(preferredLanguage(requestWith('*'), 'zh')).toBe('zh');
    expect(preferredLanguage(requestWith('fr'), 'zh')).toBe('zh');
    expect(preferredLanguage(requestWith('en'), 'zh')).toBe('en');
  });
});
