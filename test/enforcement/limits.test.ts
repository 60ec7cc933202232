import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  polls,
  startWithPeer,
  startWithUser,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import type { TestApp } from '../fixtures/test-app.ts';

/** The addresses that were limited each time that peers were put on or corrected. */
function watchPuts({ wireguard }: TestApp): (readonly string[])[] {
  const seen: (readonly string[])[] = [];
  const { write } = wireguard.commands;
  wireguard.commands.write = (...given) => {
    seen.push(wireguard.controlled?.bandwidth.flatMap(({ prefixes }) => prefixes) ?? []);
    return write(...given);
  };
  return seen;
}

describe('a bandwidth limit is in force before its peer', () => {
  it('is added for the first time', async () => {
    const { app } = await startWithUser();
    const seen = watchPuts(app);
    await app.post('/api/users/create', {
      peer_pubkey: newPublicKey(),
      allowed_ips: '10.8.0.50',
      bandwidth_limit: 100,
    });
    await polls(app);
    expect(seen).toEqual([['10.8.0.50/32']]);
  });

  it('is enabled again', async () => {
    const { app, id } = await startWithUser({ bandwidth_limit: 100 });
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    const seen = watchPuts(app);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(seen).toEqual([['10.8.0.2/32']]);
  });

  it('gets other addresses, on which the same limit applies', async () => {
    const { app, id } = await startWithUser({ bandwidth_limit: 100 });
    const seen = watchPuts(app);
    await updateUser(app, id, 'allowedIps: ["10.8.0.9"]');
    await polls(app);
    expect(seen).toEqual([['10.8.0.2/32', '10.8.0.9/32']]);
    expect(app.wireguard.controlled?.bandwidth[0]?.prefixes).toEqual(['10.8.0.9/32']);
  });
});

describe('a kick', () => {
  it('leaves the limit in force throughout', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ bandwidth_limit: 100 });
    const peer = wg0.peers.get(publicKey);
    if (peer === undefined) throw new Error('The peer is not there.');
    wg0.shakeHands(peer);
    await polls(app);
    const { nftTable } = app.wireguard;
    const { apply } = nftTable;
    const limited: (readonly string[])[] = [];
    nftTable.apply = (wanted, signal) => {
      limited.push(wanted.bandwidth.flatMap(({ prefixes }) => prefixes));
      return apply(wanted, signal);
    };
    await app.post(`/api/users/${id}/kick`, {});
    await polls(app);
    expect(app.wireguard.writes).toContain(`remove wg0 ${publicKey}`);
    expect(new Set(limited.map((prefixes) => prefixes.join()))).toEqual(new Set(['10.8.0.2/32']));
  });
});

describe('the log reports a bandwidth limit', () => {
  const limitEvents = async (app: TestApp, id: string) =>
    (await eventsOf(app, id)).flatMap(({ type, reason }) =>
      type === 'LIMIT_APPLIED' ? [reason] : [],
    );

  it('when it comes into force, but not when a quota does or its peer is kicked', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ bandwidth_limit: 100 });
    expect(await limitEvents(app, id)).toEqual(['BANDWIDTH']);
    const wake = async () => {
      const peer = wg0.peers.get(publicKey);
      if (peer === undefined) throw new Error('The peer is not there.');
      wg0.shakeHands(peer);
      await polls(app);
    };
    await updateUser(app, id, 'dataLimit: 10');
    await wake();
    app.clock.advance(200_000);
    await polls(app);
    await wake();
    await app.post(`/api/users/${id}/kick`, {});
    await app.post(`/api/users/${id}/reset`, {});
    await updateUser(app, id, 'dataLimit: 20');
    await polls(app);
    expect(await limitEvents(app, id)).toEqual(['BANDWIDTH']);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect(await limitEvents(app, id)).toEqual(['BANDWIDTH', 'DISABLED']);
    await app.post(`/api/users/${id}/enable`, {});
    await updateUser(app, id, 'bandwidthLimit: 200');
    await polls(app);
    expect(await limitEvents(app, id)).toEqual(['BANDWIDTH', 'DISABLED', 'BANDWIDTH', 'BANDWIDTH']);
  });
});

describe('an interface whose name nft does not accept', () => {
  it('is the only one without limits, and its users show why', async () => {
    const { app, publicKey, id } = await startWithUser({ bandwidth_limit: 100 });
    const odd = app.wireguard.interface('w"g');
    const other = odd.addPeer({ allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    const { id: otherId } = await userOf(app, other.publicKey);
    for (const user of [otherId, id]) {
      await app.post(`/api/users/${user}/update`, { bandwidth_limit: 200 });
    }
    await polls(app);
    const limited = app.wireguard.controlled?.bandwidth.map(({ bytesPerSecond }) => bytesPerSecond);
    expect(limited).toEqual([204_800n]);
    expect((await userOf(app, publicKey)).enforcement.lastError).toBeNull();
    expect((await userOf(app, other.publicKey)).enforcement.lastError).toMatch(/quotation mark/);
  });
});

describe('a slow nft', () => {
  it('delays no removal, and peers with limits wait for it', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    let end: () => void = () => {};
    const { nftTable } = app.wireguard;
    const { apply } = nftTable;
    Object.assign(nftTable, {
      apply: async (...args: Parameters<typeof apply>) => {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        return apply(...args);
      },
    });
    const limited = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: limited, bandwidth_limit: 100 });
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    expect(wg0.peers.has(limited)).toBe(false);
    Object.assign(nftTable, { apply });
    end();
    await polls(app);
    expect(wg0.peers.has(limited)).toBe(true);
  });
});
