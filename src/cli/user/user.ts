/** A user as the commands show it. */
export interface ShownUser {
  readonly id: string;
  readonly nickname: string;
  readonly publicKey: string;
  readonly mail: string | null;
  readonly note: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly interface: string | null;
  readonly managed: boolean;
  readonly enabled: boolean;
  readonly isOnline: boolean;
  readonly endpoint: string | null;
  readonly lastSeenAt: string | null;
  readonly expiresAt: string | null;
  readonly allowedIps: readonly string[] | null;
  /** KB/s; 0 means no limit. */
  readonly bandwidthLimit: number;
  readonly enforcement: {
    readonly desired: string;
    readonly applied: string;
    readonly reason: string | null;
  };
  readonly quota: {
    readonly period: string;
    readonly limit: string | null;
    readonly used: string;
    readonly resetsAt: string | null;
  };
  readonly usage: {
    readonly [Period in 'today' | 'month' | 'total']: { readonly rx: string; readonly tx: string };
  };
}

/** Selects the fields of a `ShownUser`. */
export const USER_FIELDS = `id nickname publicKey mail note owner tags interface managed enabled isOnline endpoint lastSeenAt
  expiresAt allowedIps bandwidthLimit enforcement { desired applied reason }
  quota { period limit used resetsAt }
  usage { today { rx tx } month { rx tx } total { rx tx } }`;
