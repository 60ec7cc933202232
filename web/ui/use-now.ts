import { useEffect, useState } from 'react';
import { serverNow } from '../api/server-clock.ts';

/** The time by the clock of the server, renewed at this interval. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
