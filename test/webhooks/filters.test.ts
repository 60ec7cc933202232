import { expect, it, vi } from 'vitest';
import {
  createUser,
  createWebhook,
  newestEventId,
  readWebhook,
  rename,
  startReceiver,
  startSending,
  untilReceived,
  updateWebhook,
} from './support.ts';

type Work = () => Promise<void>;

/** What is done once, before or after the next call of a function of the store. */
const interruption = vi.hoisted(() => ({ at: '', work: null as Work | null }));

/** The functions of a store, which may be interrupted. */
const interruptible = vi.hoisted(
  () =>
    <S extends object>(store: S, names: readonly string[]): S => {
      const interrupt = async (at: string) => {
        const { work } = interruption;
        if (work === null || interruption.at !== at) return;
        interruption.work = null;
        await work();
      };
      const wrapped = Object.entries(store)
        .filter(([name]) => names.includes(name))
        .map(([name, call]) => [
          name,
          async (...given: unknown[]) => {
            await interrupt(`before ${name}`);
            const result = await call(...given);
            await interrupt(`after ${name}`);
            return result;
          },
        ]);
      return { ...store, ...Object.fromEntries(wrapped) };
    },
);

vi.mock('../../src/store/event.ts', async (original) => {
  const module = await original<typeof import('../../src/store/event.ts')>();
  return {
    ...module,
    eventStore: (...given: Parameters<typeof module.eventStore>) =>
      interruptible(module.eventStore(...given), ['bounds', 'list']),
  };
});

vi.mock('../../src/store/webhook/delivery.ts', async (original) => {
  const module = await original<typeof import('../../src/store/webhook/delivery.ts')>();
  return {
    ...module,
    deliveryStore: (...given: Parameters<typeof module.deliveryStore>) =>
      interruptible(module.deliveryStore(...given), ['enabled', 'advance']),
  };
});

it.each([
  ...['before bounds', 'after bounds', 'before enabled', 'after enabled'],
  ...['before list', 'after list', 'before advance', 'after advance'],
])('an event that is logged after its type was added is sent, if both happen %s', async (at) => {
  const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
  const receiver = await startReceiver();
  const user = await createUser(app, 'Ann');
  const { id } = await createWebhook(app, { url: receiver.url, types: ['USER_DELETED'] });
  await app.polled();
  interruption.at = at;
  interruption.work = async () => {
    await updateWebhook(app, id, { types: ['USER_UPDATED'] });
    await rename(app, user, 'Bea');
  };
  // Is not wanted, but has to be looked at.
  await createUser(app, 'Cid');
  await untilReceived(app, receiver, 1);
  expect(receiver.received[0]?.json).toMatchObject({
    type: 'user.updated',
    data: { user: { id: user } },
  });
  const newest = await newestEventId(app);
  await app.eventually(
    'the end',
    async () => Number((await readWebhook(app, id)).cursor) >= newest,
  );
});
