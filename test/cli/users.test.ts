import { describe, expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { startFleet } from '../rest/support.ts';
import { commandsOf } from './support.ts';

describe('wgql user', () => {
  it('lists and shows users as a table and as JSON', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const list = await wgql('user', 'list');
    expect([list.code, list.stderr]).toEqual([0, '']);
    const [heading, first] = list.stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(heading?.slice(0, 4)).toEqual(['ID', 'NAME', 'STATE', 'LAST SEEN']);
    expect(first?.slice(0, 4)).toEqual(['1', 'User_1', 'online', 'now']);
    const online = JSON.parse((await wgql('user', 'list', '--online', '--json')).stdout);
    expect(online).toMatchObject([{ id: '1', isOnline: true }]);
    const shown = await wgql('user', 'show', 'User_1');
    expect(shown.stdout).toMatch(/^Name +User_1\nId +1\nPublic key +\S{44}\nState +online\n/);
  });

  it('finds a user by name, id and public key, and says which it cannot tell apart', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const idOf = async (who: string) =>
      JSON.parse((await wgql('user', 'show', who, '--json')).stdout).id;
    expect(await idOf(app.online.publicKey)).toBe('1');
    expect(await idOf('2')).toBe('2');
    await wgql('user', 'rename', '1', '2');
    expect(await idOf('2')).toBe('1');
    await app.graphql('mutation { updateUser(id: 2, input: { nickname: "2" }) { user { id } } }');
    const ambiguous = await wgql('user', 'show', '2');
    expect([ambiguous.code, ambiguous.stdout]).toEqual([1, '']);
    expect(ambiguous.stderr).toMatch(/specify one of the ids 1, 2\..*\n.*请指定 ID 之一/);
    const unknown = await wgql('user', 'show', 'Nobody');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('There is no user "Nobody"');
  });

  it('lists the users of an owner and of a tag', async () => {
    const app = await startFleet();
    const input = '{ owner: "Bob", tags: ["staff"] }';
    await app.graphql(`mutation { updateUser(id: 2, input: ${input}) { user { id } } }`);
    const wgql = await commandsOf(app);
    const idsOf = async (...args: string[]) =>
      JSON.parse((await wgql('user', 'list', ...args, '--json')).stdout).map(
        ({ id }: { id: string }) => id,
      );
    expect(await idsOf('--owner', 'Bob')).toEqual(['2']);
    expect(await idsOf('--tag', 'STAFF')).toEqual(['2']);
    expect(await idsOf('--owner', 'Ada')).toEqual([]);
    expect((await wgql('user', 'show', '2')).stdout).toMatch(/\nOwner +Bob\nTags +staff\n/);
  });

  it('limits, disables, enables, renames and deletes as the API does', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const of = async (...args: string[]) => {
      const { code, stdout, stderr } = await wgql('user', ...args, '--json');
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    };
    const limits = [
      '--quota',
      '50G',
      '--period',
      'month',
      '--bandwidth',
      '10M',
      '--expires',
      '2099-06-30',
    ];
    expect(await of('limit', 'User_1', ...limits)).toMatchObject({
      bandwidthLimit: 1221,
      expiresAt: '2099-07-01T00:00:00.000Z',
      quota: { limit: String(50 * 1024 ** 3), period: 'MONTH' },
    });
    expect(
      await of('limit', 'User_1', '--quota', 'off', '--bandwidth', 'off', '--expires', 'never'),
    ).toMatchObject({
      bandwidthLimit: 0,
      expiresAt: null,
      quota: { limit: null },
    });
    expect(await of('disable', 'User_1')).toMatchObject({ enabled: false });
    expect(await of('enable', 'User_1')).toMatchObject({ enabled: true });
    expect(await of('rename', 'User_1', 'Ada')).toMatchObject({ nickname: 'Ada' });
    expect(await of('delete', 'Ada')).toEqual({ deletedId: '1' });
    const { data } = await app.graphql('{ user(id: 1) { id } }');
    expect(data.user).toBeNull();
  });

  describe('with wrong arguments', () => {
    const app = shared(startFleet);

    it.each([
      [['limit', 'User_1'], 2, 'Specify at least one of --quota'],
      [['limit', 'User_1', '--quota', 'much'], 2, '--quota must be 50G or off, but is "much".'],
      [['limit', 'User_1', '--quota', '0G'], 2, '--quota must be 50G or off, but is "0G".'],
      [['delete', ''], 1, 'The user is empty; specify a name'],
      [['show', '1', '--url', 'localhost:1'], 1, '--url must be an address without a path'],
      [['limit', 'User_1', '--period', 'year'], 2, '--period must be day, week, month or none'],
      [['limit', 'User_1', '--bandwidth', '10'], 2, '--bandwidth must be 10M (Mbit/s) or off'],
      [['limit', 'User_1', '--expires', 'soon'], 2, '--expires must be 2027-06-30, 30d or never'],
      [['rename', 'User_1'], 2, 'NAME is missing.'],
    ])(
      'refuses wrong arguments in one sentence, and changes nothing: %j',
      async (args, code, said) => {
        const wgql = await commandsOf(app());
        const ended = await wgql('user', ...args);
        expect([ended.code, ended.stdout]).toEqual([code, '']);
        expect(ended.stderr.split('\n')[0]).toContain(said);
        const { nickname, quota } = JSON.parse((await wgql('user', 'show', '1', '--json')).stdout);
        expect([nickname, quota.limit]).toEqual(['User_1', null]);
      },
    );
  });

  it('sends the token of the settings, and says what to set if one is missing', async () => {
    const token = 'a-token-for-tests-that-is-0123456789';
    const app = await startFleet({ env: { WGQL_TOKEN: token } });
    const locked = await (await commandsOf(app))('user', 'list');
    expect([locked.code, locked.stdout]).toEqual([1, '']);
    expect(locked.stderr).toContain('Set WGQL_TOKEN or WGQL_TOKEN_FILE');
    const open = await commandsOf(app, { env: { WGQL_TOKEN: token } });
    expect((await open('user', 'list')).code).toBe(0);
  });

  it('says what to do if no server or another one responds', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const nothing = await wgql('user', 'list', '--url', 'http://127.0.0.1:1');
    expect([nothing.code, nothing.stdout]).toEqual([1, '']);
    expect(nothing.stderr).toMatch(/No server responds at http:\/\/127\.0\.0\.1:1; start wgql/);
  });
});
