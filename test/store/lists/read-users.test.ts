import { expect, it } from 'vitest';
import { Prisma } from '../../../src/generated/prisma/client.ts';
import { areIds, readUsers } from '../../../src/store/lists/read-users.ts';
import { temporaryDatabase } from '../../fixtures/test-store.ts';

const MAX = 2n ** 63n - 1n;
const AT = new Date(1_768_478_400_123);

it('users read as one JSON text are the rows that Prisma reads, column for column, without secrets', async () => {
  const db = await temporaryDatabase();
  const required = { quotaMarkAt: AT, createdAt: AT, updatedAt: AT };
  await db.user.create({ data: { publicKey: 'bare', ...required } });
  const session = { startedAt: AT, lastSeenAt: AT };
  const full = await db.user.create({
    data: {
      ...required,
      publicKey: 'full "quoted" \u{1F600}\n\u0000',
      nickname: '张三',
      persistentKeepaliveSeconds: 25,
      managed: true,
      presharedKey: 'sealed',
      registeredAt: AT,
      enabled: false,
      online: true,
      allowedIps: '10.0.0.2/32,fd00::2/128',
      expiresAt: new Date(-1),
      rx: MAX,
      tx: MAX - 1n,
      offsetRx: 2n ** 53n + 1n,
      enforcementError: '{"en":"x"}',
      sessions: { create: session },
    },
    include: { sessions: true },
  });
  const latestSessionId = full.sessions[0]?.id ?? null;
  await db.user.update({ where: { id: full.id }, data: { latestSessionId } });

  const expected = await db.user.findMany({
    orderBy: { id: 'asc' },
    omit: { presharedKey: true },
  });
  const read = await readUsers(db, Prisma.sql`true`);
  expect(read.sort((a, b) => a.id - b.id)).toEqual(expected);
  expect(await readUsers(db, areIds([full.id, 999]))).toEqual([expected[1]]);
  expect(await readUsers(db, areIds([]))).toEqual([]);
});
