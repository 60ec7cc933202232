import { withTimeLimit } from '../async/deadline.ts';
import { AppError, type Text } from '../domain/errors.ts';
import { type AddressListing, type HostAddress, listAddresses } from './host-addresses.ts';
import { publicAddressOf } from './public-address.ts';
import { interfaceFinder } from './read/interfaces.ts';
import { type Route, systemRoutes } from './read/routes.ts';

/**
 * An interface's own addresses with their prefix lengths, as of the last poll. Throws an `AppError` where
 * the system did not tell.
 */
export type NetworksOf = (interfaceName: string) => readonly string[];

/** What the system knows of the networks around it. All throw an `AppError` where it does not tell. */
export interface HostNetworks {
  readonly networksOf: NetworksOf;
  /** Prefixes that are routed to an interface. */
  readonly routesOf: (interfaceName: string) => readonly string[];
  /** The addresses of all other interfaces, with their prefix lengths. */
  readonly networksBeside: (interfaceName: string) => readonly string[];
  /** The address under which the internet reaches this machine; null where it has none of its own. */
  readonly publicAddress: () => Promise<string | null>;
}

export interface SystemNetworks extends HostNetworks {
  /** Reads the addresses again. */
  readonly refresh: (stop: AbortSignal) => Promise<void>;
}

const FOUND_WITHIN_MS = 2_000;

/** This machine's. Addresses are those of the last `refresh`: they are read together with WireGuard. */
export function systemNetworks(list = listAddresses): SystemNetworks {
  const find = interfaceFinder();
  let listing: AddressListing = NOT_READ;
  const addresses = (): readonly HostAddress[] => {
    if ('en' in listing) throw new AppError('UNAVAILABLE', listing);
    return listing;
  };
  return {
    refresh: async (stop) => {
      listing = await list(stop);
    },
    networksOf: (name) =>
      addresses().flatMap(({ device, prefix }) => (device === name ? prefix : [])),
    routesOf: (name) => routes().flatMap(({ device, prefix }) => (device === name ? prefix : [])),
    networksBeside: (name) =>
      addresses().flatMap(({ device, prefix }) => (device === name ? [] : prefix)),
    publicAddress: async () => {
      const wireGuard = await withTimeLimit(FOUND_WITHIN_MS, null, (signal) =>
        find([], signal),
      ).catch(notTold);
      return publicAddressOf(
        routes(),
        addresses(),
        wireGuard.map(({ name }) => name),
      );
    },
  };
}

/** What `ask` answers; null where the system did not tell. */
export function orUnknown<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function routes(): Route[] {
  try {
    return systemRoutes();
  } catch (error) {
    return notTold(error);
  }
}

function notTold(error: unknown): never {
  throw error instanceof AppError ? error : new AppError('UNAVAILABLE', NOT_TOLD);
}

const NOT_READ: Text = {
  en: 'The addresses of this machine were not read yet; try again after the next poll.',
  zh: '尚未读取本机的地址；请在下次轮询后重试。',
};

const NOT_TOLD: Text = {
  en: 'The routes and interfaces of this machine cannot be read; check that /proc and /sys can be read, or give endpoint.',
  zh: '无法读取本机的路由和接口；请检查 /proc 和 /sys 是否可读，或提供 endpoint。',
};
