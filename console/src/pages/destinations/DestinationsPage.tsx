import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { IconPlus, IconSend } from "@tabler/icons-react";
import { destinationsOptions } from "../../api/destinations.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { useGo } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { DestinationState } from "./DestinationState.tsx";

/** Configuration > Destinations: Oomnitza instances that are kept in step. */
export function DestinationsPage() {
  const go = useGo();
  const add = (
    <PermissionButton
      permission="destination.write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => go(paths.newDestination())}
    >
      Add a destination
    </PermissionButton>
  );
  return (
    <>
      <PageHeader
        title="Destinations"
        crumbs={[{ label: "Configuration" }]}
        description="Oomnitza instances that are kept in step: what a run has changed here is changed there."
        actions={add}
      />
      <DataTable
        id="destinations"
        label="destinations"
        one="destination"
        columns={columns}
        options={destinationsOptions}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.destination(id)}
        searchLabel="Search destinations"
        empty={
          <EmptyState icon={IconSend} title="No destinations yet" action={add}>
            Rollcall keeps its own inventory, so you need none. Add one when the people are to be in an Oomnitza
            instance too.
          </EmptyState>
        }
      />
    </>
  );
}

const columns: readonly Column<Destination>[] = [
  { id: "name", header: "Name", sort: "name", width: 160, grow: 2, cell: ({ name }) => name },
  { id: "state", header: "State", width: 170, cell: (destination) => <DestinationState destination={destination} /> },
  {
    id: "follows",
    header: "Follows",
    width: 180,
    grow: 2,
    cell: ({ follows }) =>
      follows.length === 0 ? (
        <span className="quiet">nothing yet</span>
      ) : (
        follows.map(({ integrationName }) => integrationName).join(", ")
      ),
  },
  {
    id: "waiting",
    header: "Waiting",
    width: 90,
    align: "right",
    cell: ({ deliveries }) => formatNumber(deliveries.waiting ?? 0),
  },
  {
    id: "failed",
    header: "Failed",
    width: 90,
    align: "right",
    cell: ({ deliveries }) => formatNumber(deliveries.failed ?? 0),
  },
  {
    id: "lastPush",
    header: "Last push",
    width: 145,
    cell: ({ lastPush }) => <RelativeTime at={lastPush?.finishedAt ?? null} />,
  },
  { id: "url", header: "Address", width: 240, cell: ({ url }) => url },
  {
    id: "created",
    header: "Added",
    sort: "createdAt",
    width: 130,
    hidden: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];
