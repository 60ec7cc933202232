// Before anything else is loaded: libraries check more, and say more in errors, unless they are told
// that this is no development.
process.env.NODE_ENV ??= 'production';
