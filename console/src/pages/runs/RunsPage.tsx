import type { Run } from "@rollcall/core/contract/runs.ts";
import { IconListDetails } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { allIntegrationsOptions } from "../../api/integrations.ts";
import { runsOptions } from "../../api/runs.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { RunStatus } from "./RunStatus.tsx";
import { kindWords, statusOptions, tookWords, triggerWords } from "./run-words.ts";

/** Every run of every integration, the latest first. */
export function RunsPage() {
  const integrations = useQuery(allIntegrationsOptions());
  const filters: readonly TableFilter[] = [
    { id: "status", label: "Status", options: [{ value: "", label: "Any status" }, ...statusOptions] },
    {
      id: "integrationId",
      label: "Integration",
      options: [
        { value: "", label: "All integrations" },
        ...(integrations.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ],
    },
  ];
  return (
    <>
      <PageHeader
        title="Runs"
        description="Each time an integration read its vendor: what was found, what changed, what needs you."
      />
      <DataTable
        id="runs"
        label="runs"
        one="run"
        columns={columns}
        options={runsOptions}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.run(id)}
        filters={filters}
        searchLabel="Search by integration"
        empty={
          <EmptyState
            icon={IconListDetails}
            title="No run yet"
            action={<LinkButton to={paths.integrations()}>Integrations</LinkButton>}
          >
            A run starts by schedule once an integration is launched, or by hand from the integration's page.
          </EmptyState>
        }
      />
    </>
  );
}

const columns: readonly Column<Run>[] = [
  {
    id: "integration",
    header: "Integration",
    width: 180,
    grow: 2,
    cell: (run) => {
      const kind = kindWords(run);
      return kind === null ? run.integrationName : `${run.integrationName} · ${kind}`;
    },
  },
  { id: "status", header: "Status", width: 206, grow: 0, cell: (run) => <RunStatus run={run} /> },
  {
    id: "queuedAt",
    header: "When",
    sort: "queuedAt",
    width: 145,
    cell: ({ queuedAt }) => <RelativeTime at={queuedAt} />,
  },
  { id: "fetched", header: "Read", align: "right", width: 70, cell: ({ counts }) => formatNumber(counts.fetched) },
  {
    id: "changed",
    header: "Created / updated",
    width: 150,
    cell: ({ counts }) => pair(counts.created, counts.updated),
  },
  {
    id: "deactivated",
    header: "Deactivated",
    width: 140,
    cell: ({ counts }) =>
      counts.withheld === 0
        ? formatNumber(counts.deactivated)
        : `${formatNumber(counts.deactivated)} (${formatNumber(counts.withheld)} withheld)`,
  },
  {
    id: "problems",
    header: "Rejected / disputed",
    width: 160,
    cell: ({ counts }) => pair(counts.rejected, counts.disputed),
  },
  { id: "took", header: "Took", width: 90, cell: (run) => tookWords(run) ?? <Nothing />, hidden: true },
  { id: "trigger", header: "Why it ran", width: 220, cell: triggerWords, hidden: true },
];

function pair(first: number, second: number): string {
  return `${formatNumber(first)} / ${formatNumber(second)}`;
}
