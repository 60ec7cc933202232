import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../src/store/record/recorder.ts';
import { changesOf, temporaryDatabase, UTC, userChange } from '../../fixtures/test-store.ts';

const read = (name: string) => ({
  kind: 'read' as const,
  name,
  generation: { ifindex: name },
  publicKey: null,
  listenPort: 51820,
});
const renamed = (from: string, name: string) => ({ kind: 'renamed' as const, from, name });
const counter = (name: string, publicKey: string, rxBytes: bigint) => ({
  interface: name,
  publicKey,
  rxBytes,
  txBytes: 0n,
  handshakeEpochSeconds: 0,
  endpoint: null,
  allowedIps: null,
  persistentKeepaliveSeconds: null,
  present: true,
  isNumbersOnly: false,
});

/** A database that knows wg0 with alice and wg1 with alice and bob. */
async function recorded() {
  const db = await temporaryDatabase();
  const { record } = createRecorder(db, UTC);
  await record(
    changesOf({
      interfaces: [read('wg0'), read('wg1')],
      users: [userChange('alice'), userChange('bob', { interface: 'wg1' })],
      counters: [
        counter('wg0', 'alice', 10n),
        counter('wg1', 'alice', 20n),
        counter('wg1', 'bob', 30n),
      ],
    }),
  );
  const kept = async () => ({
    interfaces: (await db.interface.findMany({ orderBy: { name: 'asc' } })).map((one) => [
      one.name,
      one.generation,
    ]),
    counters: (
      await db.peer.findMany({ orderBy: [{ interface: 'asc' }, { publicKey: 'asc' }] })
    ).map((one) => [one.interface, one.publicKey, one.rx, one.present]),
    users: (await db.user.findMany({ orderBy: { id: 'asc' } })).map((one) => [
      one.publicKey,
      one.interface,
    ]),
  });
  return { record, kept };
}

describe('recording renamed interfaces', () => {
  it('moves the interface, its marks and its users', async () => {
    const { record, kept } = await recorded();
    await record(changesOf({ interfaces: [renamed('wg0', 'wg9')] }));
    expect(await kept()).toEqual({
      interfaces: [
        ['wg1', '{"ifindex":"wg1"}'],
        ['wg9', '{"ifindex":"wg0"}'],
      ],
      counters: [
        ['wg1', 'alice', 20n, true],
        ['wg1', 'bob', 30n, true],
        ['wg9', 'alice', 10n, true],
      ],
      users: [
        ['alice', 'wg9'],
        ['bob', 'wg1'],
      ],
    });
  });

  it('replaces an interface that no longer exists', async () => {
    const { record, kept } = await recorded();
    await record(changesOf({ interfaces: [renamed('wg0', 'wg1')] }));
    expect(await kept()).toEqual({
      interfaces: [['wg1', '{"ifindex":"wg0"}']],
      counters: [
        ['wg1', 'alice', 10n, true],
        ['wg1', 'bob', 0n, false],
      ],
      users: [
        ['alice', 'wg1'],
        ['bob', 'wg1'],
      ],
    });
  });

  it('allows two interfaces to exchange names', async () => {
    const { record, kept } = await recorded();
    await record(changesOf({ interfaces: [renamed('wg0', 'wg1'), renamed('wg1', 'wg0')] }));
    expect(await kept()).toEqual({
      interfaces: [
        ['wg0', '{"ifindex":"wg1"}'],
        ['wg1', '{"ifindex":"wg0"}'],
      ],
      counters: [
        ['wg0', 'alice', 20n, true],
        ['wg0', 'bob', 30n, true],
        ['wg1', 'alice', 10n, true],
      ],
      users: [
        ['alice', 'wg1'],
        ['bob', 'wg0'],
      ],
    });
  });
});
