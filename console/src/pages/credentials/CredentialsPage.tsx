import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { connectorsOptions } from "../../api/connectors.ts";
import { credentialsOptions } from "../../api/credentials.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { TestBadge } from "../../components/TestBadge.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { useGo } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { kindLabel } from "./credential-kinds.ts";
import { ExpiryDate } from "./ExpiryDate.tsx";

/** Configuration > Security > Credentials. */
export function CredentialsPage() {
  const go = useGo();
  const connectors = useQuery(connectorsOptions()).data?.data;
  const columns = useMemo(() => columnsOf((kind) => kindLabel(kind, connectors ?? [])), [connectors]);
  const add = (
    <PermissionButton
      permission="credential.write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => go(paths.newCredential())}
    >
      Add new credential
    </PermissionButton>
  );
  return (
    <>
      <PageHeader
        title="Credentials"
        crumbs={[{ label: "Configuration" }, { label: "Security" }]}
        description="What Rollcall signs in with at the vendors. Secrets go in and never come out again."
        actions={add}
      />
      <DataTable
        id="credentials"
        label="credentials"
        columns={columns}
        options={credentialsOptions}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.credential(id)}
        searchLabel="Search credentials"
        empty={
          <EmptyState icon={IconKey} title="No credentials yet" action={add}>
            A credential is what the vendor gives you to read its API: for Ironclad Clickwrap a client ID and a client
            secret.
          </EmptyState>
        }
      />
    </>
  );
}

function columnsOf(nameOfKind: (kind: string) => string): readonly Column<Credential>[] {
  return [
    { id: "name", header: "Name", sort: "name", width: 200, grow: 2, cell: ({ name }) => name },
    { id: "kind", header: "Vendor", sort: "kind", width: 170, cell: ({ kind }) => nameOfKind(kind) },
    { id: "test", header: "Last test", width: 190, cell: ({ lastTest }) => <TestBadge outcome={lastTest} /> },
    {
      id: "integrations",
      header: "Used by",
      width: 130,
      cell: ({ integrations }) =>
        integrations.length === 0 ? (
          <span className="quiet">no integration</span>
        ) : (
          integrations.map(({ name }) => name).join(", ")
        ),
    },
    { id: "expiry", header: "Good until", width: 270, cell: ({ expiresOn }) => <ExpiryDate expiresOn={expiresOn} /> },
    {
      id: "created",
      header: "Added",
      sort: "createdAt",
      width: 130,
      hidden: true,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
  ];
}
