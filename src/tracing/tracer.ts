/** What a span says besides its name. Never a secret, an address, a name of a person or a part of a request body. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** One step of work in a trace. */
export interface Span {
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Says that the step failed, with a code; messages may contain what was sent, and internals. */
  fail(code: string): void;
  /** Calls after the first have no effect. */
  end(): void;
}

/**
 * Records spans. Where traces are off there is none: callers hold `null` and call their work directly, so that it
 * costs nothing.
 */
export interface Tracer {
  /** Runs work as a step of the span that is active. If none is, or it has ended, the work runs without a span. */
  step<T>(name: string, work: () => T): T;
  /** The same for a statement of the database. */
  statement<T>(sql: string, work: () => T): T;
  /** Runs work as the first span of a trace. */
  root<T>(name: string, work: () => T): T;
  /** The same for an operation of a client. */
  operation<T>(name: string, work: () => T): T;
  /**
   * Runs work within the span of a request, which continues the trace that its headers name. The caller ends the
   * span.
   */
  request<T>(name: string, headers: Headers, work: (span: Span) => T): T;
  /** The span that is active and has not ended. */
  active(): Span | null;
  /** Sends what is left. */
  stop(): Promise<void>;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;
