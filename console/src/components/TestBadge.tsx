import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";

/** How the last connection test went, in one line. */
export function TestBadge({ outcome }: { readonly outcome: TestOutcome | null }) {
  if (outcome === null) return <span className="quiet">not tested</span>;
  return (
    <span className="pair">
      <StatusBadge
        status={outcome.ok ? "completed" : "failed"}
        label={outcome.ok ? "Passed" : "Failed"}
        tone={outcome.ok ? "good" : "bad"}
      />
      <span className="quiet">
        <RelativeTime at={outcome.at} />
      </span>
    </span>
  );
}
