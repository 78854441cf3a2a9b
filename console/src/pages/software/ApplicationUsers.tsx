import type { Field } from "@rollcall/core/contract/fields.ts";
import type { SaasUser, Software } from "@rollcall/core/contract/saas.ts";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { apiUrl } from "../../api/client.ts";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { saasUsersOptions } from "../../api/saas.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { useTableAddress } from "../../table/use-table-address.ts";
import { Nothing } from "../../ui/Nothing.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { FieldValue } from "../people/FieldValue.tsx";
import { reasonWords } from "../runs/run-words.ts";
import { ChangeUserStatus } from "./ChangeUserStatus.tsx";
import { LastActivity } from "./LastActivity.tsx";

/** Who has an account in the application. */
export function ApplicationUsers({ software }: { readonly software: Software }) {
  const [asking, setAsking] = useState<SaasUser>();
  const fields = useQuery(inventoryFieldsOptions("saas-user"));
  const [{ status }] = useTableAddress();
  const columns = useMemo(
    () => columnsOf(fields.data?.data ?? [], status === "deactivated", setAsking),
    [fields.data, status],
  );
  return (
    <>
      <DataTable
        id="saas-users"
        label="users"
        one="user"
        columns={columns}
        options={(query) => saasUsersOptions(software.id, query)}
        rowKey={({ id }) => id}
        rowHref={({ personId }) => paths.person(personId)}
        searchLabel="Search by name or email"
        filters={filters}
        csv={(query) => apiUrl(`/saas/${software.id}/users.csv`, query)}
        empty={
          <EmptyState icon={IconUsers} title="No user yet">
            Users appear when an integration of this application has run.
          </EmptyState>
        }
      />
      <ChangeUserStatus softwareId={software.id} user={asking} onClose={() => setAsking(undefined)} />
    </>
  );
}

const filters: readonly TableFilter[] = [
  {
    id: "status",
    label: "Status",
    options: [
      { value: "", label: "Any status" },
      { value: "active", label: "Active only" },
      { value: "deactivated", label: "Deactivated only" },
    ],
  },
];

function columnsOf(
  fields: readonly Field[],
  withReason: boolean,
  onChangeStatus: (user: SaasUser) => void,
): readonly Column<SaasUser>[] {
  return [
    {
      id: "name",
      header: "Name",
      sort: "name",
      width: 140,
      grow: 2,
      cell: ({ name }) => name ?? <span className="quiet">no name</span>,
    },
    { id: "email", header: "Email", sort: "email", width: 222, grow: 2, cell: ({ email }) => email ?? <Nothing /> },
    { id: "role", header: "Role", sort: "role", width: 90, cell: ({ role }) => role ?? <Nothing /> },
    {
      id: "lastActivity",
      header: "Last activity",
      sort: "lastActivity",
      width: 226,
      grow: 0,
      cell: ({ lastActivity }) => <LastActivity activity={lastActivity} />,
    },
    {
      id: "status",
      header: "Status",
      sort: "status",
      width: 116,
      grow: 0,
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    {
      id: "reason",
      header: "Why deactivated",
      width: 190,
      hidden: !withReason,
      cell: ({ deactivatedReason }) => (deactivatedReason === null ? <Nothing /> : reasonWords(deactivatedReason)),
    },
    {
      id: "source",
      header: "Source",
      width: 110,
      cell: ({ integrationName }) => integrationName ?? <span className="quiet">no integration</span>,
    },
    {
      id: "change",
      header: "Change status",
      width: 136,
      grow: 0,
      cell: (user) => (
        <PermissionButton
          permission="saas.write"
          size="compact-sm"
          variant="default"
          style={{ verticalAlign: "middle" }}
          aria-label={`${user.status === "active" ? "Deactivate" : "Activate"} ${user.name ?? user.email ?? user.externalId}`}
          onClick={() => onChangeStatus(user)}
        >
          {user.status === "active" ? "Deactivate…" : "Activate…"}
        </PermissionButton>
      ),
    },
    { id: "externalId", header: "Id at the vendor", width: 130, cell: ({ externalId }) => externalId, hidden: true },
    {
      id: "createdAt",
      header: "First seen",
      width: 130,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
      hidden: true,
    },
    ...fields
      .filter(({ name }) => !ownColumns.has(name))
      .map((field) => ({
        id: `field.${field.name}`,
        header: field.label,
        cell: ({ attributes }: SaasUser) => <FieldValue value={attributes[field.name]} type={field.type} />,
        hidden: true,
      })),
  ];
}

/** Fields of a SaaS user that have a column of their own. */
const ownColumns: ReadonlySet<string> = new Set(["email", "name", "role", "lastActivity"]);
