/** An address of a client, without its port. */
export interface UsedAddress {
  readonly address: string;
  /** How many sessions ended there or are open there. */
  readonly sessions: number;
  readonly lastAt: string;
}

export interface AddressUse {
  readonly endpoint?: string | null;
  readonly lastSeenAt: string;
}

/** The addresses that sessions were seen at, the newest first. A port says nothing, because each reconnection changes it. */
export function addressesOf(sessions: readonly AddressUse[]): UsedAddress[] {
  const found = new Map<string, UsedAddress>();
  for (const { endpoint, lastSeenAt } of sessions) {
    if (endpoint == null) continue;
    const address = endpoint.replace(/:\d+$/, '');
    const known = found.get(address);
    const isNewer = known === undefined || lastSeenAt > known.lastAt;
    found.set(address, {
      address,
      sessions: (known?.sessions ?? 0) + 1,
      lastAt: isNewer ? lastSeenAt : known.lastAt,
    });
  }
  return [...found.values()].sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1));
}
