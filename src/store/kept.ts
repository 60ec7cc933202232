import { AppError } from '../errors.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** A change that the database did not take is the operator's to mend, and nothing has changed. */
export async function keeping<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    throw new AppError(
      'UNAVAILABLE',
      {
        en: 'The change could not be kept and nothing has changed; check that the database can be written.',
        zh: '无法保存更改，未做任何修改；请检查数据库是否可写。',
      },
      [],
      { cause: error },
    );
  }
}

function isDatabaseError(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError ||
    error instanceof Prisma.PrismaClientUnknownRequestError ||
    error instanceof Prisma.PrismaClientInitializationError ||
    (error instanceof Error && error.name === 'DriverAdapterError')
  );
}
