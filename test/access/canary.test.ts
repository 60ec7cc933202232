import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { formsOf, found } from '../fixtures/canary.ts';
import { newPresharedKey, polls } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { keepAnswer, keepLog, takeLeaks } from '../fixtures/leak-detector.ts';
import { logIn } from '../fixtures/logins.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { makeToken } from '../fixtures/tokens.ts';
import { connectClient, watch } from '../live/support.ts';

/** The places where leaks were found. */
const places = () =>
  takeLeaks().map((leak) => /^\S+ in (an answer|the log|.*\/[\w.-]+),/.exec(leak)?.[1]);

describe('the search for secrets', () => {
  it('finds a secret in clear, in hex and in base64, at any offset', () => {
    const key = newPresharedKey();
    const token = `wgql_${Buffer.from(newPresharedKey(), 'base64').toString('base64url')}`;
    for (const secret of [key, token]) {
      const raw = Buffer.from(secret.replace('wgql_', ''), 'base64');
      for (const bytes of [Buffer.from(secret), raw]) {
        for (const before of ['', 'a', 'ab']) {
          const whole = Buffer.concat([Buffer.from(before), bytes, Buffer.from(' and more')]);
          const hex = whole.toString('hex');
          for (const text of [
            whole,
            hex,
            hex.toUpperCase(),
            whole.toString('base64'),
            whole.toString('base64url'),
          ]) {
            expect(found({ secret }, text)).toEqual(['secret']);
          }
        }
      }
      const almost = Buffer.concat(formsOf(secret).map((form) => form.subarray(0, -1)));
      expect(found({ other: newPresharedKey() }, almost)).toEqual([]);
    }
  });

  it('allows a new token to be shown only once', () => {
    const answer = JSON.stringify({ secret: `wgql_${'aB3-_xYz9'.repeat(5).slice(0, 43)}` });
    keepAnswer(answer);
    expect(takeLeaks()).toEqual([]);
    keepAnswer(answer);
    expect(places()).toEqual(['an answer']);
    keepLog(answer);
    expect(places()).toEqual(['the log']);
  });
});

describe('a secret that leaves the program', () => {
  it('is found if it is that of a login, other than in the cookie that is set', async () => {
    const app = await startTestApp();
    const { secret, headers } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    const { secret: cookie } = await logIn(app, secret);
    await app.graphql('{ me { name } logins { id token address } }', {}, headers);
    expect(takeLeaks()).toEqual([]);
    const input = { publicKey: newPublicKey(), nickname: cookie };
    const create =
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
    await app.graphql(create, { input }, headers);
    await app.rest('/api/users', { headers });
    expect(places()).toEqual(['an answer']);
    await app.graphql('mutation { deleteUser(id: "1") { deletedId } }', {}, headers);
    await app.restart();
    // SQLite leaves what was deleted in free pages and in the WAL.
    expect(new Set(places())).toEqual(
      new Set([`${app.folder}/wgql.db-wal`, `${app.folder}/wgql.db`]),
    );
    await app.app.stop();
    await rm(app.folder, { recursive: true });
  });

  it('is found in responses, messages, the log and files', async () => {
    const app = await startTestApp();
    // A nickname is visible to every role.
    const nickname = newPresharedKey();
    const id = (
      await app.graphql(
        'mutation ($i: CreateUserInput!) { createUser(input: $i) { user { id } } }',
        { i: { publicKey: newPublicKey(), nickname } },
      )
    ).data.createUser.user.id;
    expect(takeLeaks()).toEqual([]);
    await app.rest('/api/users');
    expect(places()).toEqual(['an answer']);
    await app.graphql(`{ user(id: ${id}) { nickname } }`);
    expect(places()).toEqual(['an answer']);
    const query =
      'subscription { events(after: "0", types: [USER_CREATED]) { user { nickname } } }';
    await watch(connectClient(app), query).next();
    expect(places()).toEqual(['an answer']);
    const en = `No answer to ${Buffer.from(nickname).toString('hex')}.`;
    app.wireguard.interface().unknown = { en, zh: en };
    await polls(app);
    expect(places()).toEqual(['the log']);
    app.wireguard.interface().unknown = null;
    await makeToken(app, { name: 'ada', role: 'ADMIN' });
    expect(takeLeaks()).toEqual([]);
    await app.restart();
    const files = places();
    expect(files).toEqual([`${app.folder}/wgql.db-wal`, `${app.folder}/wgql.db`]);
    await app.app.stop();
    await rm(app.folder, { recursive: true });
  });
});
