import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
// biome-ignore lint/suspicious/noDeprecatedImports: only its older signatures are deprecated
import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Problem } from "../../components/Problem.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import classes from "./MappingPage.module.css";
import type { MappingEditor } from "./use-mapping-editor.ts";

/** Stands at the foot of the window while something is not saved; leaving the page then asks first. */
export function SaveChanges({ editor }: { readonly editor: MappingEditor }) {
  const { isChanged, problems, save, discard } = editor;
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  const because = problems.length === 0 ? "" : `Something is not right yet: ${problems[0]?.message}`;
  const send = async () => {
    await save.mutateAsync(undefined);
    notifications.show({ title: "Saved", message: "The next run uses the new mapping." });
  };
  return (
    <>
      {isChanged && (
        <section className={classes.saveBar} aria-label="Unsaved changes">
          {save.isError && <Problem error={save.error} />}
          <Group justify="space-between">
            <Text fw={600}>
              {problems.length === 0
                ? "Not saved yet"
                : `${problems.length === 1 ? "1 thing is" : `${problems.length} things are`} not right yet`}
            </Text>
            <Group gap="sm">
              <Button variant="default" onClick={discard}>
                Discard
              </Button>
              <PermissionButton
                permission="integration.write"
                disabledBecause={because}
                loading={save.isPending}
                onClick={() => void send().catch(() => undefined)}
              >
                Save mapping
              </PermissionButton>
            </Group>
          </Group>
        </section>
      )}
      <ConfirmDialog
        opened={leaving.status === "blocked"}
        onClose={() => leaving.reset?.()}
        title="Leave without saving?"
        confirm="Leave"
        danger
        onConfirm={async () => leaving.proceed?.()}
      >
        The changes to the mapping would be lost.
      </ConfirmDialog>
    </>
  );
}
