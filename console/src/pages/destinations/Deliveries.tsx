import { Drawer } from "@mantine/core";
import type { Destination, DestinationDelivery } from "@rollcall/core/contract/destinations.ts";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { deliveriesOptions } from "../../api/destinations.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { DeliveryDetail } from "./DeliveryDetail.tsx";
import { actionsWords, deliveryWords, nothingDone } from "./destination-words.ts";

/** What was or is to be brought into step, the latest first. */
export function Deliveries({ destination }: { readonly destination: Destination }) {
  const [opened, setOpened] = useState<DestinationDelivery>();
  const { id, pushing, deliveries } = destination;
  const busy = pushing || (deliveries.waiting ?? 0) > 0;
  return (
    <>
      <DataTable
        id="deliveries"
        label="deliveries"
        one="delivery"
        columns={columns}
        options={(query) => ({ ...deliveriesOptions(id, query), ...(busy ? { refetchInterval: 3_000 } : {}) })}
        rowKey={(delivery) => delivery.id}
        onOpen={setOpened}
        filters={filters}
        maxHeight="560px"
        empty={
          <EmptyState icon={IconSend} title="No deliveries yet">
            They appear when a run of a followed integration has changed something, and when you re-synchronise.
          </EmptyState>
        }
      />
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        title={opened === undefined ? "" : `Delivery for ${nameOf(opened)}`}
      >
        {opened !== undefined && <DeliveryDetail delivery={opened} follows={destination.follows} />}
      </Drawer>
    </>
  );
}

const filters: readonly TableFilter[] = [
  {
    id: "state",
    label: "State",
    options: [
      { value: "", label: "All deliveries" },
      ...Object.entries(deliveryWords).map(([value, { label }]) => ({ value, label })),
    ],
  },
];

const columns: readonly Column<DestinationDelivery>[] = [
  { id: "person", header: "Person", width: 170, grow: 2, cell: nameOf },
  {
    id: "state",
    header: "State",
    width: 110,
    cell: ({ state }) => <StatusBadge status={state} {...deliveryWords[state]} />,
  },
  {
    id: "what",
    header: "Outcome",
    width: 280,
    grow: 4,
    cell: ({ state, problem, actions }) =>
      problem ?? (actionsWords(actions) || <span className="quiet">{nothingDone[state]}</span>),
  },
  { id: "attempts", header: "Attempts", width: 100, align: "right", cell: ({ attempts }) => formatNumber(attempts) },
  {
    id: "next",
    header: "When",
    width: 190,
    cell: ({ endedAt, nextAttemptAt }) =>
      endedAt === null && nextAttemptAt !== null ? (
        <>
          next try <RelativeTime at={nextAttemptAt} />
        </>
      ) : (
        <RelativeTime at={endedAt} absent="not known" />
      ),
  },
];

function nameOf({ personName, personId }: DestinationDelivery): string {
  return personName ?? `person ${personId}`;
}
