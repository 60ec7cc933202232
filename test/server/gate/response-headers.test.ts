import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { shared } from '../../fixtures/shared.ts';
import { send, startFleet } from '../../rest/support.ts';
import { EVERYWHERE, withHeaders } from '../support.ts';

describe('the headers of every response', () => {
  const fleet = shared(() => startFleet());

  it('forbid scripts, framing, caching and use by other origins', async () => {
    const app = fleet();
    const refused = withHeaders({ path: '/api/users' }, { host: 'evil.example' });
    for (const one of [...EVERYWHERE, refused]) {
      const { headers } = await send(app, one);
      const isPage = one.headers?.accept === 'text/html';
      const policy = String(headers['content-security-policy']);
      expect(policy, one.path).toMatch(/^default-src 'none';/);
      expect(policy).toContain("frame-ancestors 'none'");
      if (!isPage) expect(policy).not.toMatch(/script-src|style-src/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('let GraphiQL run only its own scripts', async () => {
    const { headers, text } = await fleet().rest('/graphql', { headers: { accept: 'text/html' } });
    const policy = headers.get('content-security-policy') ?? '';
    const [, allowed = ''] = /script-src ([^;]*)/.exec(policy) ?? [];
    const [first = ''] = text.slice(text.indexOf('<script>') + 8).split('</script>');
    // The second one contains the text of opening tags.
    const begin = text.indexOf('</script><script>') + 17;
    const second = text.slice(begin, text.lastIndexOf('</script>'));
    const sources = [first, second].map(
      (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    );
    expect(allowed).toBe(sources.join(' '));
    expect(policy).toContain("connect-src 'self'");
  });
});
