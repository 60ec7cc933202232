import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import {
  createUser,
  createWebhook,
  startReceiver,
  startSending,
  untilReceived,
  verify,
} from '../webhooks/support.ts';
import { commandsOf } from './support.ts';

async function start() {
  const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
  const wgql = await commandsOf(app);
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await wgql('webhook', ...args, '--json');
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  return { app, wgql, json };
}

describe('wgql webhook', () => {
  it('creates a webhook and prints its secret once, for people and as JSON', async () => {
    const { app, wgql, json } = await start();
    const receiver = await startReceiver();
    const args = ['webhook', 'create', receiver.url, '--types', 'user.created, USER_DELETED'];
    const { code, stdout, stderr } = await wgql(...args, '--description', 'door bell');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    expect(stderr).toContain('Created webhook 1.');
    await createUser(app, 'Ada', { publicKey: newPublicKey() });
    await untilReceived(app, receiver, 1);
    expect(verify(app, stdout.trim(), receiver.received[0] as never)).toMatchObject({
      type: 'user.created',
    });
    const second = await json('create', receiver.url, '--users', '1,2', '--tags', 'staff');
    expect(second).toMatchObject({
      secret: expect.stringMatching(/^whsec_/),
      webhook: { id: '2', types: null, userIds: ['1', '2'], tags: ['staff'] },
    });
    const list = await wgql('webhook', 'list');
    const rows = list.stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows.slice(0, 3)).toEqual([
      ['ID', 'STATE', 'TYPES', 'USERS', 'URL', 'DESCRIPTION'],
      ['1', 'enabled', 'USER_CREATED,USER_DELETED', 'all', receiver.url, 'door bell'],
      ['2', 'enabled', 'all', '1,2,#staff', receiver.url, '-'],
    ]);
  });

  it('changes, tests, replays and deletes a webhook as the API does', async () => {
    const { app, wgql, json } = await start();
    const receiver = await startReceiver();
    await createUser(app, 'Ada');
    await json('create', receiver.url, '--types', 'user.created');
    expect(await json('update', '1', '--disable', '--tags', 'a,b')).toMatchObject({
      ...{ disabledReason: 'REQUESTED', tags: ['a', 'b'] },
    });
    expect((await wgql('webhook', 'list')).stdout).toContain('disabled (requested)');
    const other = await startReceiver();
    const changes = ['--enable', '--tags', 'all', '--receiver', other.url];
    expect(await json('update', '1', ...changes)).toMatchObject({
      ...{ disabledAt: null, tags: [], url: other.url },
    });
    expect(await json('test', '1')).toMatchObject({ ok: true, type: 'webhook.test' });
    other.answer = 500;
    const failed = await wgql('webhook', 'test', '1');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('The receiver answered with HTTP 500.');
    other.answer = 204;
    await json('replay', '1', '--after', '0');
    await untilReceived(app, other, 3);
    await app.eventually('a record', async () => (await json('deliveries', '1')).length === 3);
    const [, , replayed] = await json('deliveries', '1');
    expect(replayed).toMatchObject({ origin: 'REPLAY', type: 'user.created', ok: true });
    expect(await json('repeat', replayed.id)).toMatchObject({ origin: 'REPEAT', ok: true });
    const { secret } = await json('rotate-secret', '1');
    expect(secret).toMatch(/^whsec_/);
    expect(await json('delete', '1')).toEqual({ deletedId: '1' });
    expect(await json('list')).toEqual([]);
    for (const command of ['delete', 'test', 'deliveries']) {
      const gone = await wgql('webhook', command, '1');
      expect([gone.code, gone.stdout]).toEqual([1, '']);
      expect(gone.stderr).toContain('There is no webhook with this id');
    }
  });

  it('reads a template from a file, and takes it back', async () => {
    const { json } = await start();
    const folder = await mkdtemp(join(tmpdir(), 'wgql-template-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'ntfy.txt');
    await writeFile(file, '{{type}} {{data.user.nickname}}\n');
    const options = ['--template', file, '--content-type', 'text/plain'];
    const { webhook } = await json('create', 'http://127.0.0.1:9/', ...options);
    expect(webhook).toMatchObject({ template: '{{type}} {{data.user.nickname}}' });
    const standard = ['--template', 'standard', '--content-type', 'application/json'];
    expect((await json('update', '1', ...standard)).template).toBe(null);
  });

  it.each([
    [['create', 'http://127.0.0.1:9/', '--types', 'user.born'], 'is not a type of event'],
    [['create', 'http://127.0.0.1:9/', '--template', '/nowhere'], 'cannot be read'],
    [['update', '1', '--enable', '--disable'], 'only one of --enable and --disable'],
    [['update', '1'], 'Specify what to change'],
    [['replay', '1'], 'Specify --after'],
    [['create'], 'RECEIVER is missing'],
  ])('explains a mistake: %j', async (args, message) => {
    const { wgql } = await start();
    const { code, stderr } = await wgql('webhook', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/[\u4e00-\u9fff]/);
  });

  it.each(
    ['--types', '--users', '--tags'].flatMap((option) => [
      [option, ''],
      [option, ' , '],
    ]),
  )('refuses an empty list, which an unset variable may leave: %s %j', async (option, list) => {
    const { app, wgql, json } = await start();
    const { id } = await createWebhook(app, { url: 'http://127.0.0.1:9/', tags: ['staff'] });
    for (const command of [
      ['create', 'http://127.0.0.1:9/'],
      ['update', id],
    ]) {
      const { code, stderr } = await wgql('webhook', ...command, option, list);
      expect(code).toBe(2);
      expect(stderr).toContain(`The list of ${option} is empty`);
      expect(stderr).toContain(`${option} 的列表为空`);
    }
    expect(await json('list')).toMatchObject([{ id, types: null, userIds: [], tags: ['staff'] }]);
  });

  it('says what the server refuses', async () => {
    const { wgql } = await start();
    const { code, stderr } = await wgql('webhook', 'create', 'http://8.8.8.8/');
    expect(code).toBe(1);
    expect(stderr).toContain('must begin with https://');
  });
});
