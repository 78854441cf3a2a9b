import type { Change, Run } from "@rollcall/core/contract/runs.ts";
import { IconCircleCheck, IconHandStop } from "@tabler/icons-react";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { reasonWords, withheldWords } from "./run-words.ts";

/** Why a change is made, and whether it is withheld. An approved plan has done what its guard had withheld. */
export function ChangeReason({ change, plan }: { readonly change: Change; readonly plan: Run["plan"] | undefined }) {
  const { reason, withheld } = change;
  const released = withheld === "guard" && plan === "approved";
  if (withheld === null)
    return reason === null ? (
      <span className="quiet">{change.kind === "create" ? "new at the vendor" : "differs at the vendor"}</span>
    ) : (
      reasonWords(reason)
    );
  return (
    <span title={released ? undefined : withheldWords(withheld)}>
      <StatusBadge
        status={released ? "released" : "withheld"}
        label={released ? "Approved" : "Withheld"}
        tone={released ? "good" : "warn"}
        icon={released ? IconCircleCheck : IconHandStop}
      />{" "}
      {reason === null ? "" : `${reasonWords(reason)}. `}
      {released ? "" : withheldWords(withheld)}
    </span>
  );
}
