import { formatDate } from "../../ui/format-time.ts";
import { useNow } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { judgeExpiry } from "./credential-expiry.ts";

/** The day until which a credential is good, with a warning when it is near. */
export function ExpiryDate({ expiresOn }: { readonly expiresOn: string | null }) {
  const judged = judgeExpiry(expiresOn, useNow());
  if (expiresOn === null) return <span className="quiet">no date set</span>;
  return (
    <span className="pair">
      <span>{formatDate(expiresOn)}</span>
      {judged !== null && <StatusBadge status="expiry" label={judged.label} tone={judged.tone} />}
    </span>
  );
}
