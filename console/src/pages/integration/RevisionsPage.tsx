import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Revision } from "@rollcall/core/contract/integrations.ts";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { integrationOptions, restoreRevision, revisionsOptions } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { RevisionDiff } from "./RevisionDiff.tsx";

/** Every change to an integration: who, when, what; each can be brought back. */
export function RevisionsPage() {
  const { id = "" } = useParams({ strict: false }) as { readonly id?: string };
  const integration = useQuery(integrationOptions(id)).data;
  const revisions = useInfiniteQuery(revisionsOptions(id));
  const [chosen, setChosen] = useState<Revision | null>(null);
  const restore = useCommand(
    (number: number) => restoreRevision(id, number),
    ["/integrations"],
    () => notifications.show({ title: "Restored", message: "The settings are a new revision; nothing was lost." }),
  );
  const found = revisions.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <PageHeader
        title="Revisions"
        documentTitle={`Revisions of ${integration?.name ?? "an integration"}`}
        crumbs={[
          { label: "Configuration" },
          { label: "Integrations", to: paths.integrations() },
          { label: integration?.name ?? "Integration", to: paths.integration(id) },
        ]}
        description="Every change to the settings is kept. Restoring one makes a new revision with its settings."
      />
      {revisions.isPending && <LoadingCards />}
      {revisions.isError && <ErrorState error={revisions.error} onRetry={() => void revisions.refetch()} />}
      {revisions.isSuccess && found.length === 0 && (
        <EmptyState icon={IconHistory} title="No revisions">
          Nothing was changed yet.
        </EmptyState>
      )}
      <Stack gap="md">
        {found.map((revision, index) => (
          <Card component="article" key={revision.number} aria-labelledby={`revision-${revision.number}`}>
            <Group justify="space-between" align="flex-start">
              <div>
                <Group gap="sm">
                  <Title order={2} id={`revision-${revision.number}`}>
                    Revision {revision.number}
                  </Title>
                  {index === 0 && <StatusBadge status="current" label="Current" tone="good" />}
                </Group>
                <Text size="sm" c="dimmed">
                  {revision.changedBy ?? "Rollcall"}, <RelativeTime at={revision.changedAt} />
                </Text>
              </div>
              {index !== 0 && (
                <PermissionButton
                  permission="integration.write"
                  variant="default"
                  size="xs"
                  aria-label={`Restore revision ${revision.number}`}
                  onClick={() => setChosen(revision)}
                >
                  Restore
                </PermissionButton>
              )}
            </Group>
            <RevisionDiff diff={revision.diff} />
          </Card>
        ))}
        {revisions.hasNextPage && (
          <Button
            variant="default"
            loading={revisions.isFetchingNextPage}
            onClick={() => void revisions.fetchNextPage()}
          >
            Earlier revisions
          </Button>
        )}
      </Stack>
      <ConfirmDialog
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={`Restore revision ${chosen?.number ?? ""}?`}
        confirm="Restore"
        onConfirm={async () => {
          if (chosen !== null) await restore.mutateAsync(chosen.number);
        }}
      >
        All settings become what they were then, as a new revision. People and SaaS users change only with the next run.
      </ConfirmDialog>
    </>
  );
}
