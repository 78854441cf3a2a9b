import { Card, Group, List, Stack, Text, Title } from "@mantine/core";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { useState } from "react";
import { approveRun, rejectRun } from "../../api/runs.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { formatDateTime, formatNumber } from "../../ui/format-time.ts";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { whyNotDecide } from "./run-decisions.ts";
import { guardRuleWords } from "./run-words.ts";

/** A plan that waits for a person: why, what approving does, and the two buttons; afterwards who decided what. */
export function PlanDecision({ run }: { readonly run: Run }) {
  const [asking, setAsking] = useState<"approve" | "reject" | null>(null);
  const approve = useCommand((reason: string) => approveRun(run.id, reason));
  const reject = useCommand((reason: string) => rejectRun(run.id, reason));
  const whyNot = whyNotDecide(run);
  const deactivations = run.dryRun ? run.counts.deactivated : (run.guard?.wouldDeactivate ?? 0);
  const what = run.dryRun
    ? `Exactly this plan is applied: ${changesOf(run)}.`
    : `Exactly the ${formatNumber(deactivations)} withheld ${deactivations === 1 ? "deactivation is" : "deactivations are"} applied.`;

  return (
    <Card component="section" aria-labelledby="decision-title">
      <Stack gap="md">
        <Title order={2} id="decision-title">
          {titleOf(run)}
        </Title>
        {run.guard !== null && (
          <div>
            <Text>
              {run.dryRun ? "It would deactivate" : "It wanted to deactivate"} {formatNumber(run.guard.wouldDeactivate)}{" "}
              of the {formatNumber(run.guard.knownActive)} users this integration knows as active. That is more than the
              guard lets through by itself:
            </Text>
            <List mt="xs" spacing={4}>
              {run.guard.reasons.map(({ rule, detail }) => (
                <List.Item key={rule}>
                  <strong>{guardRuleWords(rule)}.</strong> {detail}
                </List.Item>
              ))}
            </List>
          </div>
        )}
        {run.decision !== null && <DecisionMade decision={run.decision} />}
        {run.plan === "open" && run.planExpiresAt !== null && (
          <Text size="sm" c="dimmed">
            The plan can be approved until {formatDateTime(run.planExpiresAt)} (<RelativeTime at={run.planExpiresAt} />
            ). It becomes stale when the inventory moves, the settings change or a newer run finishes.
          </Text>
        )}
        {run.decision === null && (
          <Group>
            <PermissionButton permission="run.approve" disabledBecause={whyNot} onClick={() => setAsking("approve")}>
              Approve…
            </PermissionButton>
            <PermissionButton
              permission="run.approve"
              variant="default"
              disabledBecause={whyNot}
              onClick={() => setAsking("reject")}
            >
              Reject…
            </PermissionButton>
            {whyNot !== undefined && <Text size="sm">{whyNot}</Text>}
          </Group>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking === "approve"}
        onClose={() => setAsking(null)}
        title="Approve this plan?"
        confirm="Approve"
        reason={{ label: "Why is this right? The reason is kept with the run.", min: 3 }}
        onConfirm={approve.mutateAsync}
      >
        {what} If anything has moved since the plan was made, nothing is applied and you are told.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === "reject"}
        onClose={() => setAsking(null)}
        title="Reject this plan?"
        confirm="Reject"
        danger
        reason={{ label: "Why? (optional, kept with the run)", min: 0 }}
        onConfirm={reject.mutateAsync}
      >
        {run.dryRun ? "Nothing of this plan will be written." : "Nobody is deactivated. What is applied already stays."}{" "}
        The next run makes a new plan.
      </ConfirmDialog>
    </Card>
  );
}

function titleOf({ plan, dryRun }: Run): string {
  if (plan === "open") return dryRun ? "This preview can be applied" : "Deactivations wait for your decision";
  return dryRun ? "The preview" : "The guard held deactivations back";
}

function changesOf({ counts }: Run): string {
  const parts = [
    [counts.created, "created"],
    [counts.updated, "updated"],
    [counts.reactivated, "reactivated"],
    [counts.deactivated + counts.withheld, "deactivated"],
  ] as const;
  const given = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatNumber(count)} ${word}`);
  return given.length === 0 ? "no change" : given.join(", ");
}

function DecisionMade({ decision }: { readonly decision: NonNullable<Run["decision"]> }) {
  return (
    <Text>
      Decided by {decision.by ?? "an account that is gone"}, <RelativeTime at={decision.at} />
      {decision.reason === null || decision.reason === "" ? "." : <>: “{decision.reason}”</>}
    </Text>
  );
}
