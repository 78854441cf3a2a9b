import { useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

export type AddressValues = Readonly<Record<string, string>>;

/** Search, sort order and filters as the address holds them, so that links and the browser's back button work. */
export function useTableAddress(): readonly [AddressValues, (changes: Record<string, string | undefined>) => void] {
  const search = useSearch({ strict: false }) as AddressValues;
  const router = useRouter();
  const values = useMemo(() => ({ ...search }), [search]);
  const change = useCallback(
    (changes: Record<string, string | undefined>) => {
      const { pathname, search: current } = router.state.location;
      const given = Object.entries({ ...(current as AddressValues), ...changes }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
      );
      const query = new URLSearchParams(given).toString();
      void router.navigate({
        href: query === "" ? pathname : `${pathname}?${query}`,
        replace: Object.keys(changes).every((name) => name === "q"),
        resetScroll: false,
      });
    },
    [router],
  );
  return [values, change];
}
