import { Stack, Text } from "@mantine/core";
import type { RemovalCandidate, Software } from "@rollcall/core/contract/saas.ts";
import { IconCircleCheck, IconDoorExit, IconZzz } from "@tabler/icons-react";
import { apiUrl } from "../../api/client.ts";
import { removalListOptions } from "../../api/saas.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { paths } from "../../paths.ts";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { LastActivity } from "./LastActivity.tsx";
import { formatMoney } from "./money.ts";

/** Whose seats may be given up: who left the company, and who has not been active for long, where the vendor tells. */
export function RemovalList({ software }: { readonly software: Software }) {
  const columns: readonly Column<RemovalCandidate>[] = [
    {
      id: "name",
      header: "Name",
      sort: "name",
      width: 180,
      grow: 2,
      cell: ({ name }) => name ?? <span className="quiet">no name</span>,
    },
    { id: "email", header: "Email", sort: "email", width: 210, grow: 2, cell: ({ email }) => email ?? <Nothing /> },
    { id: "role", header: "Role", width: 110, cell: ({ role }) => role ?? <Nothing /> },
    {
      id: "reason",
      header: "Why",
      width: 170,
      cell: ({ reason }) =>
        reason === "left-the-company" ? (
          <StatusBadge status="left" label="Left the company" tone="bad" icon={IconDoorExit} />
        ) : (
          <StatusBadge status="idle" label="Not active" tone="warn" icon={IconZzz} />
        ),
    },
    {
      id: "lastActivity",
      header: "Last activity",
      sort: "lastActivity",
      width: 224,
      grow: 0,
      cell: ({ lastActivity }) => <LastActivity activity={lastActivity} />,
    },
    {
      id: "cost",
      header: "Cost a month",
      width: 120,
      align: "right",
      cell: ({ monthlyCost }) =>
        monthlyCost === null ? <span className="quiet">not entered</span> : formatMoney(monthlyCost, software.currency),
    },
  ];
  return (
    <Stack gap="md">
      <Text maw="72ch">
        Active users who are inactive in People, or have not been active for a while. Users whose last activity the
        vendor does not tell are listed only when they left the company.
      </Text>
      <DataTable
        id="removal-list"
        label="users to remove"
        one="user to remove"
        columns={columns}
        options={(query) => removalListOptions(software.id, query)}
        rowKey={({ saasUserId }) => saasUserId}
        rowHref={({ personId }) => paths.person(personId)}
        searchLabel="Search by name or email"
        filters={filters}
        csv={(query) => apiUrl(`/saas/${software.id}/removal-list.csv`, query)}
        empty={
          <EmptyState icon={IconCircleCheck} title="No seat to give up">
            Nobody who left the company is still active here, and nobody is known to be idle for so long.
          </EmptyState>
        }
      />
    </Stack>
  );
}

const filters: readonly TableFilter[] = [
  {
    id: "idleDays",
    label: "Not active for",
    initial: "90",
    options: [30, 60, 90, 180, 365].map((days) => ({ value: String(days), label: `Not active for ${days} days` })),
  },
];
