import * as z from 'zod';
import type { Text } from '../../domain/errors.ts';
import * as input from '../input.ts';
import { userInput } from '../user/input.ts';

/** A transaction of this many users takes about a second. */
const MAX_USERS = 1000;

/** The largest integer of SQLite. */
const MAX_BYTES = 2n ** 63n - 1n;

const BYTES: Text = {
  en: `must be a number of bytes from 0 to ${MAX_BYTES}`,
  zh: `必须是 0 到 ${MAX_BYTES} 之间的字节数`,
};

const USERS: Text = {
  en: `must be a list of 1 to ${MAX_USERS} users, each key once; split a larger file`,
  zh: `必须是 1 到 ${MAX_USERS} 个用户的列表，每个公钥一次；请拆分更大的文件`,
};

const bytes = z.bigint().refine((value) => value >= 0n && value <= MAX_BYTES, {
  params: { text: BYTES },
});

/** A user as another tool declared it. Empty and absent values leave what is stored. */
const importedUser = userInput
  .pick({
    nickname: true,
    mail: true,
    note: true,
    interface: true,
    allowedIps: true,
    presharedKey: true,
    persistentKeepalive: true,
    enabled: true,
    dataLimit: true,
    expiresAt: true,
  })
  .extend({ publicKey: input.publicKey, totalRx: bytes.nullish(), totalTx: bytes.nullish() });

export type ImportedUser = z.output<typeof importedUser>;

export const importedUsers = z.array(importedUser).refine(
  (users) => {
    const isCounted = users.length > 0 && users.length <= MAX_USERS;
    return isCounted && new Set(users.map(({ publicKey }) => publicKey)).size === users.length;
  },
  { params: { text: USERS } },
);
