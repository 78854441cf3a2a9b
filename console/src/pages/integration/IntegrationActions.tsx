import { Button, Menu } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { IconDots, IconEye, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { deleteIntegration, type IntegrationVerb, moveIntegration, startRun } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission } from "../../session/session-context.ts";
import { useGo } from "../../ui/Link.tsx";

type Question = { readonly verb: IntegrationVerb | "delete"; readonly title: string; readonly text: string };

/** What can be done with an integration as a whole: run, preview, pause, resume, archive. */
export function IntegrationActions({
  integration,
  onError,
}: {
  readonly integration: Integration;
  readonly onError: (error: unknown) => void;
}) {
  const { id, name, status, credentialId, installation } = integration;
  const [question, setQuestion] = useState<Question | null>(null);
  const go = useGo();
  const run = useCommand((dryRun: boolean) => startRun(id, dryRun), ["/runs", "/integrations"]);
  const move = useCommand((verb: IntegrationVerb) => moveIntegration(id, verb), ["/integrations"]);
  const remove = useCommand(() => deleteIntegration(id), ["/integrations", "/credentials"]);
  const mayLaunch = usePermission("integration.launch");
  const mayWrite = usePermission("integration.write");

  const start = async (dryRun: boolean) => {
    onError(undefined);
    try {
      go(paths.run((await run.mutateAsync(dryRun)).id));
    } catch (error) {
      onError(error);
    }
  };
  const notReady = installation === "cloud" && credentialId === null ? "It has no credential." : "";
  const notRunning = status === "draft" ? "Launch it first." : status === "archived" ? "It is archived." : notReady;
  const ask = (verb: Question["verb"], title: string, text: string) => setQuestion({ verb, title, text });

  return (
    <>
      <PermissionButton
        permission="run.start"
        variant="default"
        leftSection={<IconEye size={16} aria-hidden />}
        disabledBecause={notRunning}
        loading={run.isPending && run.variables}
        onClick={() => void start(true)}
      >
        Preview
      </PermissionButton>
      <PermissionButton
        permission="run.start"
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        disabledBecause={notRunning}
        loading={run.isPending && !run.variables}
        onClick={() => void start(false)}
      >
        Run now
      </PermissionButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => go(paths.runs({ integrationId: id }))}>Runs</Menu.Item>
          <Menu.Item onClick={() => go(paths.revisions(id))}>Revisions</Menu.Item>
          <Menu.Divider />
          {status === "active" && (
            <Menu.Item
              disabled={!mayLaunch.allowed}
              onClick={() => ask("pause", "Pause it?", "It does not run by itself any more until you resume it.")}
            >
              Pause
            </Menu.Item>
          )}
          {status === "paused" && (
            <Menu.Item
              disabled={!mayLaunch.allowed}
              onClick={() => ask("resume", "Resume it?", "It runs by its schedule again.")}
            >
              Resume
            </Menu.Item>
          )}
          {(status === "active" || status === "paused") && (
            <Menu.Item
              disabled={!mayLaunch.allowed}
              onClick={() =>
                ask(
                  "archive",
                  "Archive it?",
                  "It never runs again, and lets go of its credential. People, SaaS users and history stay as they are.",
                )
              }
            >
              Archive
            </Menu.Item>
          )}
          {status === "draft" && (
            <Menu.Item
              disabled={!mayWrite.allowed}
              onClick={() =>
                ask("delete", "Delete the draft?", "Nothing was read with it yet, so nothing else is lost.")
              }
            >
              Delete the draft
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={question !== null}
        onClose={() => setQuestion(null)}
        title={question?.title ?? ""}
        confirm={verbLabels[question?.verb ?? "pause"]}
        danger={question?.verb === "archive" || question?.verb === "delete"}
        onConfirm={async () => {
          if (question === null) return;
          if (question.verb !== "delete") await move.mutateAsync(question.verb);
          else {
            await remove.mutateAsync(undefined);
            go(paths.integrations(), { replace: true });
          }
        }}
      >
        <strong>{name}</strong>: {question?.text}
      </ConfirmDialog>
    </>
  );
}

const verbLabels = {
  launch: "Launch",
  pause: "Pause",
  resume: "Resume",
  archive: "Archive",
  delete: "Delete",
} as const satisfies Record<Question["verb"], string>;
