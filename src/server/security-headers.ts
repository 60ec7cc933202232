import helmet from 'helmet';

/**
 * What browsers are told about every answer. None is a page unless it says so itself, so none may load,
 * run, or be framed. No HSTS: it would bind the name of the machine, and with it every other service
 * there, to TLS for longer than this program knows.
 */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
});
