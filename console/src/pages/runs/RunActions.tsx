import type { Run } from "@rollcall/core/contract/runs.ts";
import { useState } from "react";
import { startRun } from "../../api/integrations.ts";
import { cancelRun, retryFailed, undoRun } from "../../api/runs.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { useGo } from "../../ui/Link.tsx";
import { hasApplied, isUnderWay, whyNotCancel, whyNotRetry, whyNotUndo } from "./run-decisions.ts";
import { UndoConsequences } from "./UndoConsequences.tsx";

type Question = "cancel" | "undo" | "retry" | "again";

/** What can be done with a run: stop it while it runs; afterwards retry, undo, run again. Each asks first. */
export function RunActions({ run }: { readonly run: Run }) {
  const go = useGo();
  const [asking, setAsking] = useState<Question | null>(null);
  const open = (started: Run) => go(paths.run(started.id));
  const cancel = useCommand(() => cancelRun(run.id), ["/runs"]);
  const undo = useCommand(() => undoRun(run.id), [], open);
  const retry = useCommand(() => retryFailed(run.id), ["/runs"], open);
  const again = useCommand(() => startRun(run.integrationId), ["/runs", "/integrations"], open);
  const dialog = (question: Question) => ({ opened: asking === question, onClose: () => setAsking(null) });

  if (isUnderWay(run)) {
    return (
      <>
        <PermissionButton
          permission="run.cancel"
          variant="default"
          disabledBecause={whyNotCancel(run)}
          onClick={() => setAsking("cancel")}
        >
          Cancel run…
        </PermissionButton>
        <ConfirmDialog
          {...dialog("cancel")}
          title="Cancel this run?"
          confirm="Cancel the run"
          danger
          onConfirm={() => cancel.mutateAsync(undefined)}
        >
          The run stops after the page it is reading. Nobody is deactivated for being absent. The next run reads
          everything anew.
        </ConfirmDialog>
      </>
    );
  }
  return (
    <>
      {whyNotRetry(run) === undefined && (
        <PermissionButton permission="run.start" variant="default" onClick={() => setAsking("retry")}>
          Retry failed…
        </PermissionButton>
      )}
      {hasApplied(run) && run.kind === "sync" && (
        <PermissionButton
          permission="run.undo"
          variant="default"
          disabledBecause={whyNotUndo(run)}
          onClick={() => setAsking("undo")}
        >
          Undo…
        </PermissionButton>
      )}
      <PermissionButton permission="run.start" onClick={() => setAsking("again")}>
        Run again…
      </PermissionButton>
      <ConfirmDialog
        {...dialog("retry")}
        title="Retry the failed records?"
        confirm="Retry"
        onConfirm={() => retry.mutateAsync(undefined)}
      >
        A new run reads only the records that were rejected or disputed. Nobody is deactivated by it for being absent.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("undo")}
        title="Undo this run?"
        confirm="Undo the run"
        danger
        onConfirm={() => undo.mutateAsync(undefined)}
      >
        <UndoConsequences run={run} />
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("again")}
        title={`Run ${run.integrationName} now?`}
        confirm="Run now"
        onConfirm={() => again.mutateAsync(undefined)}
      >
        All users are read from the vendor and the changes are applied. The guard still holds back too many
        deactivations.
      </ConfirmDialog>
    </>
  );
}
