/** The package has types for Flow alone. */
declare module 'relay-runtime';
