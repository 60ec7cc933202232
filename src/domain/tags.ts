/** The stored form of no tags. */
export const NO_TAGS = '[]';

/** Tags as they are stored: they may contain any separator, so they are stored as JSON. */
export function storedTags(tags: readonly string[]): string {
  return JSON.stringify(tags);
}

/** The tags in their stored form. */
export function tagsOf(stored: string): string[] {
  return stored === NO_TAGS ? [] : (JSON.parse(stored) as string[]);
}
