import type { Run } from "@rollcall/core/contract/runs.ts";
import { useQuery } from "@tanstack/react-query";
import { openDisputeCountOptions } from "../../api/disputes.ts";
import { runErrorCountOptions } from "../../api/runs.ts";
import { PageTabs } from "../../components/PageTabs.tsx";
import { paths } from "../../paths.ts";
import { formatNumber } from "../../ui/format-time.ts";
import { RunChanges } from "./RunChanges.tsx";
import { RunDisputes } from "./RunDisputes.tsx";
import { RunErrors } from "./RunErrors.tsx";
import { hasApplied } from "./run-decisions.ts";

/** What the run changed or would change, what did not fit, and who is disputed. */
export function RunTabs({ run }: { readonly run: Run }) {
  const problems = useQuery(runErrorCountOptions(run.id));
  const disputes = useQuery(openDisputeCountOptions(run.integrationId));
  return (
    <PageTabs
      label="Details of the run"
      hrefOf={(tab) => paths.run(run.id, tab)}
      tabs={[
        {
          id: "changes",
          label: hasApplied(run) || run.plan === "undone" ? "Changes" : "Plan",
          panel: <RunChanges run={run} />,
        },
        { id: "problems", label: counted("Problems", problems.data), panel: <RunErrors run={run} /> },
        { id: "disputes", label: counted("Disputes", disputes.data), panel: <RunDisputes run={run} /> },
      ]}
    />
  );
}

function counted(label: string, count: number | undefined): string {
  return count === undefined ? label : `${label} (${formatNumber(count)})`;
}
