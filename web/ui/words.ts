/** The words of a text in which people separate them by commas, spaces or lines. */
export const wordsOf = (text: string): string[] =>
  text.split(/[\s,，、;；]+/).filter((word) => word !== '');

/** The names of a text that may have spaces in them, and are separated by commas. */
export const namesOf = (text: string): string[] =>
  text
    .split(/[,，、\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
