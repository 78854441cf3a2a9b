import type { Run } from "@rollcall/core/contract/runs.ts";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { statusWords } from "./run-words.ts";

/** A run's state in a word: a decided plan no longer "needs review". */
export function RunStatus({ run }: { readonly run: Run }) {
  const { label, tone } = statusWords(run);
  return <StatusBadge status={run.status} label={label} tone={tone} />;
}
