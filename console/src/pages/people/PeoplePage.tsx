import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { apiUrl } from "../../api/client.ts";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { peopleOptions } from "../../api/people.ts";
import { allSoftwareOptions } from "../../api/saas.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { AddPerson } from "./AddPerson.tsx";
import { FieldValue } from "./FieldValue.tsx";
import { PeopleBulk } from "./PeopleBulk.tsx";

/** Everybody in the inventory. */
export function PeoplePage() {
  const [adding, setAdding] = useState(false);
  const fields = useQuery(inventoryFieldsOptions("person"));
  const software = useQuery(allSoftwareOptions());
  const columns = useMemo(() => columnsOf(fields.data?.data ?? []), [fields.data]);
  const applications = (software.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <PageHeader
        title="People"
        description="Everybody your integrations have seen, and whom you added by hand."
        actions={
          <PermissionButton permission="person.write" onClick={() => setAdding(true)}>
            Add person
          </PermissionButton>
        }
      />
      <DataTable
        id="people"
        label="people"
        one="person"
        columns={columns}
        options={peopleOptions}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.person(id)}
        searchLabel="Search name, email, username"
        filters={[
          ...filters,
          {
            id: "softwareId",
            label: "Application",
            options: [{ value: "", label: "All applications" }, ...applications],
          },
        ]}
        csv={(query) => apiUrl("/people.csv", query)}
        bulk={(people, clear) => <PeopleBulk people={people} onDone={clear} />}
        empty={
          <EmptyState
            icon={IconUsers}
            title="Nobody is here yet"
            action={<LinkButton to={paths.integrations()}>Integrations</LinkButton>}
          >
            People appear when an integration has run. You can also add a person by hand.
          </EmptyState>
        }
      />
      <AddPerson opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}

const filters: readonly TableFilter[] = [
  {
    id: "status",
    label: "Status",
    options: [
      { value: "", label: "Any status" },
      { value: "active", label: "Active" },
      { value: "inactive", label: "Inactive" },
    ],
  },
  {
    id: "archived",
    label: "Archived or not",
    options: [
      { value: "", label: "Not archived" },
      { value: "true", label: "Archived" },
    ],
  },
];

const builtIn: readonly Column<Person>[] = [
  {
    id: "fullName",
    header: "Name",
    sort: "fullName",
    width: 160,
    grow: 2,
    cell: ({ fullName }) => fullName ?? <span className="quiet">no name</span>,
  },
  { id: "email", header: "Email", sort: "email", width: 260, grow: 2, cell: ({ email }) => email },
  { id: "status", header: "Status", width: 110, grow: 0, cell: ({ status }) => <StatusBadge status={status} /> },
  {
    id: "applications",
    header: "Applications",
    width: 170,
    grow: 2,
    cell: ({ integrations }) => applicationsOf(integrations) ?? <Nothing />,
  },
  { id: "role", header: "Role", width: 100, cell: ({ role }) => role },
  { id: "updatedAt", header: "Last changed", width: 150, cell: ({ updatedAt }) => <RelativeTime at={updatedAt} /> },
  { id: "username", header: "Username", sort: "username", width: 200, cell: ({ username }) => username, hidden: true },
  {
    id: "firstName",
    header: "First name",
    width: 130,
    cell: ({ firstName }) => firstName ?? <Nothing />,
    hidden: true,
  },
  { id: "lastName", header: "Last name", width: 130, cell: ({ lastName }) => lastName ?? <Nothing />, hidden: true },
  { id: "locale", header: "Locale", width: 100, cell: ({ locale }) => locale ?? <Nothing />, hidden: true },
  { id: "timeZone", header: "Time zone", width: 150, cell: ({ timeZone }) => timeZone ?? <Nothing />, hidden: true },
  {
    id: "protected",
    header: "Protected",
    width: 100,
    cell: (person) => (person.protected ? "Yes" : "No"),
    hidden: true,
  },
];

/** The inventory's own fields after the built-in ones; shown when chosen. */
function columnsOf(fields: readonly Field[]): readonly Column<Person>[] {
  return [
    ...builtIn,
    ...fields
      .filter((field) => !field.builtIn)
      .map((field) => ({
        id: `field.${field.name}`,
        header: field.label,
        cell: ({ attributes }: Person) => <FieldValue value={attributes[field.name]} type={field.type} />,
        hidden: true,
      })),
  ];
}

function applicationsOf(integrations: Person["integrations"]): string | null {
  const names = new Set(
    integrations.filter(({ active }) => active).map(({ softwareName, name }) => softwareName ?? name),
  );
  return names.size === 0 ? null : [...names].join(", ");
}
