import type { Software } from "@rollcall/core/contract/saas.ts";
import { IconApps } from "@tabler/icons-react";
import { useState } from "react";
import { softwareOptions } from "../../api/saas.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { AddApplication } from "./AddApplication.tsx";
import { formatMoney } from "./money.ts";

/** The applications of the company, with their users, seats and cost. */
export function SaasPage() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        title="SaaS"
        description="Your applications: who uses them, how many seats are bought, and what they cost."
        actions={
          <PermissionButton permission="saas.write" onClick={() => setAdding(true)}>
            Add application
          </PermissionButton>
        }
      />
      <DataTable
        id="saas"
        label="applications"
        one="application"
        columns={columns}
        options={softwareOptions}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.saasApplication(id)}
        searchLabel="Search by name or publisher"
        empty={
          <EmptyState
            icon={IconApps}
            title="No application yet"
            action={<LinkButton to={paths.integrations()}>Integrations</LinkButton>}
          >
            An application appears when an integration that also brings SaaS users is set up.
          </EmptyState>
        }
      />
      <AddApplication opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}

const columns: readonly Column<Software>[] = [
  { id: "name", header: "Application", sort: "name", width: 190, grow: 2, cell: ({ name }) => name },
  { id: "publisher", header: "Publisher", width: 120, cell: ({ publisher }) => publisher || <Nothing /> },
  { id: "category", header: "Category", sort: "category", width: 185, cell: ({ category }) => category || <Nothing /> },
  {
    id: "activeUsers",
    header: "Active users",
    width: 110,
    align: "right",
    cell: ({ activeUsers }) => formatNumber(activeUsers),
  },
  {
    id: "deactivatedUsers",
    header: "Deactivated",
    width: 110,
    align: "right",
    cell: ({ deactivatedUsers }) => formatNumber(deactivatedUsers),
  },
  {
    id: "seats",
    header: "Seats bought",
    width: 120,
    align: "right",
    cell: ({ seats }) => (seats === null ? <NotEntered /> : formatNumber(seats)),
  },
  {
    id: "cost",
    header: "Cost a month",
    width: 120,
    align: "right",
    cell: ({ seats, seatCost, currency }) =>
      seats === null || seatCost === null ? <NotEntered /> : formatMoney(seats * seatCost, currency),
  },
  {
    id: "integrations",
    header: "Source",
    width: 160,
    cell: ({ integrations }) =>
      integrations.map(({ name }) => name).join(", ") || <span className="quiet">by hand</span>,
  },
];

function NotEntered() {
  return <span className="quiet">not entered</span>;
}
