import { withTimeLimit } from '../async/deadline.ts';
import { AppError, type Text } from '../domain/errors.ts';
import { type AddressListing, type HostAddress, listAddresses } from './host-addresses.ts';
import { publicAddressOf } from './public-address.ts';
import { interfaceFinder } from './read/interfaces.ts';
import { type Route, systemRoutes } from './read/routes.ts';

/**
 * An interface's own addresses with their prefix lengths, as of the last poll. Throws an `AppError` if they
 * could not be read.
 */
export type NetworksOf = (interfaceName: string) => readonly string[];

/** The networks of this machine. All methods throw an `AppError` if the system does not provide them. */
export interface HostNetworks {
  readonly networksOf: NetworksOf;
  /** Prefixes that are routed to an interface. */
  readonly routesOf: (interfaceName: string) => readonly string[];
  /** The addresses of all other interfaces, with their prefix lengths. */
  readonly networksBeside: (interfaceName: string) => readonly string[];
  /** The address at which this machine is reachable from the internet; null if it has no public address. */
  readonly publicAddress: () => Promise<string | null>;
}

export interface SystemNetworks extends HostNetworks {
  /** Reads the addresses again. */
  readonly refresh: (stop: AbortSignal) => Promise<void>;
}

const FOUND_WITHIN_MS = 2_000;

/**
 * The networks of this machine. Addresses are those of the last `refresh`, which runs together with the read
 * of WireGuard.
 */
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
      ).catch(unreadable);
      return publicAddressOf(
        routes(),
        addresses(),
        wireGuard.map(({ name }) => name),
      );
    },
  };
}

/** Returns the result of `ask`, or null if the system does not provide it. */
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
    return unreadable(error);
  }
}

function unreadable(error: unknown): never {
  throw error instanceof AppError ? error : new AppError('UNAVAILABLE', UNREADABLE);
}

const NOT_READ: Text = {
  en: 'The addresses of this machine have not been read yet; try again after the next poll.',
  zh: '尚未读取本机的地址；请在下次轮询后重试。',
};

const UNREADABLE: Text = {
  en: 'The routes and interfaces of this machine cannot be read; check that /proc and /sys can be read, or set endpoint.',
  zh: '无法读取本机的路由和接口；请检查 /proc 和 /sys 是否可读，或设置 endpoint。',
};
