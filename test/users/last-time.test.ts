import { describe, expect, it } from 'vitest';
import { unexpected } from '../fixtures/edge-values.ts';
import { startFleet } from '../rest/support.ts';

describe('a value at the edge of what is allowed', () => {
  it.each(['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati'])(
    'is the end of 9999, which stands for never, in %s',
    async (timeZone) => {
      const app = await startFleet({ env: { WGQL_TIME_ZONE: timeZone } });
      const expiryOf = async () => (await app.rest('/api/users')).body[0].expiry_date;
      const last = '9999-12-31 23:59:59';
      for (const given of [
        '9999-12-31',
        last,
        '9999-12-31T23:59:59Z',
        '9999-12-31T23:59:59.999Z',
      ]) {
        const { status, text } = await app.post('/api/users/1/update', { expiry_date: given });
        expect.soft(status, text).toBe(200);
        expect.soft(await expiryOf(), given).toBe(last);
      }
      const { data } = await app.graphql('{ user(id: 1) { expiresAt } }');
      expect(data.user.expiresAt).toBe('9999-12-31T23:59:59.000Z');
      const update = `mutation ($at: DateTime) { updateUser(id: 1, input: { expiresAt: $at }) { user { expiresAt } } }`;
      const again = await app.graphql(update, { at: data.user.expiresAt });
      expect(again.data.updateUser.user.expiresAt).toBe(data.user.expiresAt);
      await app.post('/api/users/1/update', { expiry_date: '9999-12-30' });
      expect(await expiryOf()).toBe('9999-12-30 23:59:59');
      for (const path of [
        '/api/events/history?to=9999-12-31',
        '/api/events/history?from=9999-12-31',
        '/api/events/history?from=0001-01-01&to=9999-12-30',
      ]) {
        expect.soft((await app.rest(path)).status, path).toBe(200);
      }
      const beyond = await app.graphql(update, { at: '+010000-06-01T00:00:00Z' });
      expect(beyond.errors?.[0]?.message).toMatch(/up to 9999-12-31/);
      expect(unexpected(app)).toEqual([]);
    },
  );
});
