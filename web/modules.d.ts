/** Made by the build from schema.graphql. */
declare module 'wgql:schema' {
  const schema: {
    readonly __schema: {
      readonly queryType: { readonly name: string };
      readonly mutationType: { readonly name: string };
      readonly subscriptionType: { readonly name: string };
      readonly types: readonly { readonly kind: string; readonly name: string }[];
    };
  };
  export default schema;
}

declare module '*.css';
