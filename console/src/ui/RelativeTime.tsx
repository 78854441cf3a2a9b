import { useSyncExternalStore } from "react";
import { formatDateTime, formatRelative } from "./format-time.ts";

/** When something was or will be, kept up to date; the exact time is in the title. `absent` is said when there is none. */
export function RelativeTime({ at, absent = "never" }: { readonly at: string | null; readonly absent?: string }) {
  const now = useNow();
  if (at === null) return <span className="quiet">{absent}</span>;
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {formatRelative(at, now)}
    </time>
  );
}

let current = Date.now();

/** The time, to the half minute. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(changed: () => void): () => void {
  current = Date.now();
  const timer = setInterval(() => {
    current = Date.now();
    changed();
  }, 30_000);
  return () => clearInterval(timer);
}
