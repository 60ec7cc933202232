/** A GraphQL document as generated from a `.graphql` file, with the types of its result and its variables. */
export interface TypedDocument<Result, Variables> {
  /** Never there; it only carries the types. */
  __apiType?: (variables: Variables) => Result;
  toString(): string;
}
