/** The part of the package that is used here; it has no types of its own. */
declare module 'accepts' {
  import type { IncomingHttpHeaders } from 'node:http';

  export default function accepts(request: { readonly headers: IncomingHttpHeaders }): {
    /** All acceptable language tags, the preferred one first. */
    languages(): string[];
    /** The one of these media types that the client prefers; false if it accepts none of them. */
    types(known: readonly string[]): string | false;
    /** The one of these that the client prefers; false if it accepts none of them. */
    encodings(known: readonly string[]): string | false;
  };
}
