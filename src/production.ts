// Loaded before all other modules: in development mode, libraries run more checks and put more details into
// errors.
process.env.NODE_ENV ??= 'production';
