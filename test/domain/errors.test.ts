import { describe, expect, it } from 'vitest';
import {
  AppError,
  describeError,
  invalidField,
  invalidFields,
  preferredLanguage,
  userNotFound,
} from '../../src/domain/errors.ts';

describe('the preferred language', () => {
  it.each([
    [undefined, 'en'],
    [null, 'en'],
    ['', 'en'],
    ['*', 'en'],
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
    expect(preferredLanguage(header, 'en')).toBe(language);
  });

  it('falls back to what the door speaks', () => {
    expect(preferredLanguage(undefined, 'zh')).toBe('zh');
    expect(preferredLanguage('fr', 'zh')).toBe('zh');
    expect(preferredLanguage('en', 'zh')).toBe('en');
  });
});

describe('a failure', () => {
  const tooLong = { en: 'is too long', zh: '太长' };

  it('is told in the language asked for', () => {
    const error = userNotFound();
    expect(error).toBeInstanceOf(AppError);
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toBe(error.text.en);
    expect(describeError(error, 'en')).toBe(error.text.en);
    expect(describeError(error, 'zh')).toBe(error.text.zh);
  });

  it('names every bad field as the door does', () => {
    const error = invalidFields([
      { field: 'nickName', text: tooLong },
      { field: 'mail', text: { en: 'is no address', zh: '不是地址' } },
    ]);
    const rename = (field: string) => (field === 'nickName' ? 'nick_name' : field);
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(describeError(error, 'en', rename)).toBe('nick_name: is too long mail: is no address');
    expect(describeError(error, 'zh', rename)).toBe('nick_name：太长 mail：不是地址');
    expect(describeError(invalidField('mail', tooLong), 'en')).toBe('mail: is too long');
  });
});
