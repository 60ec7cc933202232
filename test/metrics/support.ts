import type { TestApp } from '../fixtures/test-app.ts';

/** The samples of a text in the format of Prometheus: their values by name and labels. */
export type Samples = ReadonlyMap<string, string>;

export function samplesIn(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}

/** The samples of a family, by their labels. */
export function samplesOf(samples: Samples, name: string): Record<string, string> {
  return Object.fromEntries(
    [...samples].flatMap(([key, value]) => {
      const at = key.indexOf('{');
      const [own, labels] = at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at)];
      return own === name ? [[labels, value]] : [];
    }),
  );
}

/** What the program exports now. */
export async function scrape(app: TestApp, headers: Record<string, string> = {}): Promise<Samples> {
  const { text } = await app.rest('/metrics', { headers });
  return samplesIn(text);
}
