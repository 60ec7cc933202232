/** The public key of a peer. */
export const keyOf = (index) => Buffer.from(String(index).padStart(32, '0')).toString('base64');
