import { useEffect } from "react";

/** What the browser's tab says: `Credentials · Rollcall`. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Rollcall`;
  }, [title]);
}
