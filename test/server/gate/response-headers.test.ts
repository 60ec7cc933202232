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

  it('let GraphiQL run only its own script, with a new nonce each time', async () => {
    const app = fleet();
    const load = () => app.rest('/graphql', { headers: { accept: 'text/html' } });
    const nonces: string[] = [];
    for (const { headers, text } of [await load(), await load()]) {
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([^']{22,})'/.exec(policy)?.[1] ?? '';
      expect(text).toContain(`<script nonce="${nonce}">`);
      expect(policy).toContain("connect-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      nonces.push(nonce);
    }
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});
