import { describe, expect, it } from 'vitest';
import {
  AppError,
  describeError,
  invalidField,
  invalidFields,
  userNotFound,
} from '../../src/domain/errors.ts';

describe('an error message', () => {
  const tooLong = { en: 'is too long', zh: '太长' };

  it('is in the requested language', () => {
    const error = userNotFound();
    expect(error).toBeInstanceOf(AppError);
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toBe(error.text.en);
    expect(describeError(error, 'en')).toBe(error.text.en);
    expect(describeError(error, 'zh')).toBe(error.text.zh);
  });

  it('names every invalid field as the API does', () => {
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
