/** The combining dot above an i that lower case leaves of the Turkish capital. */
const DOTTED_I = /i\u0307/g;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const ASCII = /^\p{ASCII}*$/u;

/**
 * Text for comparing without regard to case, composition, width and invisible characters: Unicode's
 * NFKC_Casefold, with all forms of the Turkish i as one. Upper case between, so that ß is ss; lower case
 * writes a final sigma by the end of the word, where a part of a word has another end.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .replace(IGNORABLE, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(DOTTED_I, 'i')
    .normalize('NFKC');
}
