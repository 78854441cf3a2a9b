import { Group, Text } from "@mantine/core";
import type { CreateRunner, Runner } from "@rollcall/core/contract/runners.ts";
import { IconPlus, IconServer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { allIntegrationsOptions } from "../../api/integrations.ts";
import { deleteRunner, runnersOptions, updateRunner } from "../../api/runners.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission } from "../../session/session-context.ts";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { Link } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { NewRunner } from "./NewRunner.tsx";
import { RunnerForm } from "./RunnerForm.tsx";
import { RunnerState } from "./RunnerState.tsx";

/** Configuration > Local runners: the machines that read vendors for local integrations. */
export function RunnersPage() {
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Runner | null>(null);
  const [removing, setRemoving] = useState<Runner | null>(null);
  const seesIntegrations = usePermission("integration.read").allowed;
  const integrations = useQuery({ ...allIntegrationsOptions(), enabled: seesIntegrations }).data?.data;
  const change = useCommand(
    ({ id, ...body }: CreateRunner & { readonly id: string }) => updateRunner(id, body),
    ["/runners"],
  );
  const remove = useCommand(deleteRunner, ["/runners"]);
  const columns = useMemo(
    () =>
      columnsOf(
        (id) => integrations?.find((each) => each.id === id)?.name ?? "an integration that is gone",
        (runner) => (
          <Group gap={6} wrap="nowrap">
            <PermissionButton
              permission="runner.write"
              variant="default"
              size="compact-sm"
              aria-label={`Change ${runner.name}`}
              onClick={() => setChanging(runner)}
            >
              Change
            </PermissionButton>
            <PermissionButton
              permission="runner.write"
              variant="default"
              size="compact-sm"
              aria-label={`Revoke ${runner.name}`}
              onClick={() => setRemoving(runner)}
            >
              Revoke
            </PermissionButton>
          </Group>
        ),
      ),
    [integrations],
  );
  const add = (
    <PermissionButton
      permission="runner.write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      Add a runner
    </PermissionButton>
  );
  return (
    <>
      <PageHeader
        title="Local runners"
        crumbs={[{ label: "Configuration" }]}
        description="A runner reads a vendor from a machine of yours, for integrations whose installation is Local. The vendor's credential stays on that machine."
        actions={add}
      />
      <DataTable
        id="runners"
        label="runners"
        one="runner"
        columns={columns}
        options={runnersOptions}
        rowKey={({ id }) => id}
        searchLabel="Search runners"
        empty={
          <EmptyState icon={IconServer} title="No runners yet" action={add}>
            Add one, and run the two commands that are shown on the machine that may reach the vendor.
          </EmptyState>
        }
      />
      {adding && <NewRunner onClose={() => setAdding(false)} />}
      {changing !== null && (
        <RunnerForm
          runner={changing}
          onClose={() => setChanging(null)}
          onSave={async (body) => {
            await change.mutateAsync({ id: changing.id, ...body });
            setChanging(null);
          }}
        />
      )}
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Revoke ${removing?.name ?? "the runner"}?`}
        confirm="Revoke"
        danger
        onConfirm={async () => {
          if (removing !== null) await remove.mutateAsync(removing.id);
        }}
      >
        <Text>
          The machine is let in no more, from this moment. A run that it reads is taken over by another runner.
        </Text>
        <Text mt="xs">What it has read before stays. To bring the machine back, add a runner again.</Text>
      </ConfirmDialog>
    </>
  );
}

function columnsOf(
  nameOf: (integrationId: string) => string,
  actions: (runner: Runner) => React.ReactNode,
): readonly Column<Runner>[] {
  return [
    { id: "name", header: "Name", sort: "name", width: 160, grow: 2, cell: ({ name }) => name },
    { id: "state", header: "State", width: 196, cell: (runner) => <RunnerState runner={runner} /> },
    { id: "seen", header: "Last seen", width: 140, cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
    {
      id: "integrations",
      header: "May read",
      width: 185,
      grow: 2,
      cell: ({ integrationIds }) =>
        integrationIds === null ? "every local integration" : integrationIds.map(nameOf).join(", ") || "none",
    },
    {
      id: "run",
      header: "Reads now",
      width: 110,
      cell: ({ runId }) =>
        runId === null ? <span className="quiet">nothing</span> : <Link to={paths.run(runId)}>this run</Link>,
    },
    {
      id: "version",
      header: "Version",
      width: 100,
      cell: ({ version }) => version ?? <span className="quiet">not known</span>,
    },
    {
      id: "created",
      header: "Added",
      sort: "createdAt",
      width: 130,
      hidden: true,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    { id: "actions", header: "Actions", width: 190, grow: 0, cell: actions },
  ];
}
