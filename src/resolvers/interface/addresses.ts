import { AppError } from '../../domain/errors.ts';
import type { Context } from '../context.ts';

/** The addresses of an interface as of the last poll; empty if they could not be read. */
export function addressesOf(ctx: Context, name: string): string[] {
  try {
    return [...ctx.networks.networksOf(name)];
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
