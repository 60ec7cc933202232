/** An i with a combining dot above, the lower case of the Turkish capital İ. */
const DOTTED_I = /i\u0307/g;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const ASCII = /^\p{ASCII}*$/u;

/**
 * Converts a text for comparison without regard to case, composition, width and invisible characters, as
 * Unicode's NFKC_Casefold does; all forms of the Turkish i are equal. Upper case as an intermediate step
 * converts ß to ss. The final sigma becomes an ordinary one: toLowerCase() writes it at the end of a word,
 * so a part of a word would otherwise not be found.
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
