import { useCallback, useState } from "react";

/** What this browser remembers of a table: the columns shown, and views saved under a name. */

export type SavedView = {
  readonly name: string;
  /** The address's search part. */
  readonly search: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
};
type Memory = { readonly columns: readonly string[] | null; readonly views: readonly SavedView[] };

const empty: Memory = { columns: null, views: [] };

export function useTableMemory(tableId: string): readonly [Memory, (changes: Partial<Memory>) => void] {
  const key = `rollcall.table.${tableId}`;
  const [memory, setMemory] = useState(() => read(key));
  const change = useCallback(
    (changes: Partial<Memory>) => {
      const next = { ...read(key), ...changes };
      localStorage.setItem(key, JSON.stringify(next));
      setMemory(next);
    },
    [key],
  );
  return [memory, change];
}

function read(key: string): Memory {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof stored === "object" && stored !== null ? { ...empty, ...stored } : empty;
  } catch {
    // Written by hand or by an older version: as if nothing were remembered.
    return empty;
  }
}
