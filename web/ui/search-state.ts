import { useSearchParams } from 'wouter';

/**
 * A part of the state of a page that is kept in its address. An empty text removes it. A step can be taken back with the
 * button of the browser; other changes replace each other.
 */
export function useAddressState(
  name: string,
  { isStep = false }: { readonly isStep?: boolean } = {},
): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: !isStep },
    );
  return [params.get(name) ?? '', set];
}
