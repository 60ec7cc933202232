import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/store/lists/fold.ts';

describe('folded text', () => {
  it.each([
    ['ANNA', 'anna'],
    ['MÜLLER', 'müller'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'Straße'],
    ['Cafe\u0301', 'CAFÉ'],
    ['Zoe\u0308', 'Zoë'],
    ['ИВАН', 'иван'],
    ['ΟΔΟΣ', 'οδος'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['ΐ', '\u03b9\u0308\u0301'],
    ['İSTANBUL', 'istanbul'],
    ['ışık', 'IŞIK'],
    ['ＡＢＣ１２３', 'abc123'],
    ['ｶﾞ', 'ガ'],
    ['ﬁsh', 'FISH'],
    ['㎏', 'kg'],
    ['Ａ\u3000Ｂ', 'a b'],
    ['a\u200bb\ufeff', 'AB'],
    ['\u1f88', '\u1f80'],
    ['\u212a', 'k'],
  ])('is the same for %j and %j', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ['e', 'é'],
    ['o', 'ö'],
    ['и', 'й'],
    ['l', '1'],
  ])('is not the same for %j and %j', (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  it('does not change when it is folded again', () => {
    for (let code = 0; code < 0x30000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const once = fold(String.fromCodePoint(code));
      if (fold(once) !== once) expect.fail(`U+${code.toString(16)}: ${JSON.stringify(once)}`);
    }
  });

  it('contains every part of a word that the word contains, including its last letter', () => {
    expect(fold('ΑΣΑ')).toContain(fold('ΑΣ'));
    expect(fold('ΒΑΣ')).toContain(fold('ασ'));
  });
});
