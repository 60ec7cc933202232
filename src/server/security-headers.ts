import helmet from 'helmet';

/**
 * The security headers of every response. Responses are not pages, except GraphiQL, which overrides the
 * policy; so they may not load or run anything, or be framed. HSTS is not sent: it would force TLS on all
 * services of the host name, for longer than this program can know.
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
