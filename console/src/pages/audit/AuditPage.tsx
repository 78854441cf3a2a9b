import { Drawer } from "@mantine/core";
import type { AuditEvent } from "@rollcall/core/contract/access.ts";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { allAccountsOptions } from "../../api/accounts.ts";
import { auditOptions } from "../../api/audit.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { NoPermission } from "../../components/NoPermission.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { usePermission } from "../../session/session-context.ts";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { formatDateTime } from "../../ui/format-time.ts";
import { AuditDetail } from "./AuditDetail.tsx";
import { actionWords, actorWords, targetOptions, targetWords } from "./audit-words.ts";
import { HistoryCheck } from "./HistoryCheck.tsx";

/** Configuration > Security > Audit log: who did what, and when. */
export function AuditPage() {
  const { allowed } = usePermission("audit.read");
  return (
    <>
      <PageHeader
        title="Audit log"
        crumbs={[{ label: "Configuration" }, { label: "Security" }]}
        description="Every change that somebody made, every sign-in and every use of a secret by hand. Entries are added and never changed."
      />
      {allowed ? <Log /> : <NoPermission />}
    </>
  );
}

function Log() {
  const [opened, setOpened] = useState<AuditEvent>();
  const seesAccounts = usePermission("account.read").allowed;
  const accounts = useQuery({ ...allAccountsOptions(), enabled: seesAccounts }).data?.data;
  const filters = useMemo<readonly TableFilter[]>(
    () => [
      {
        id: "actorId",
        label: "Who",
        options: [
          { value: "", label: "Everybody" },
          ...(accounts ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ],
      },
      { id: "target", label: "About", options: [{ value: "", label: "Everything" }, ...targetOptions] },
      { id: "from", label: "From", kind: "date", options: [] },
      { id: "until", label: "Until", kind: "date", options: [] },
    ],
    [accounts],
  );
  return (
    <>
      <HistoryCheck />
      <DataTable
        id="audit"
        label="entries"
        one="entry"
        columns={columns}
        options={auditOptions}
        rowKey={({ id }) => id}
        onOpen={setOpened}
        filters={filters}
        maxHeight="max(360px, calc(100dvh - 420px))"
        empty={<EmptyState icon={IconHistory} title="Nothing was done yet" />}
      />
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        title={opened === undefined ? "" : actionWords(opened.action)}
      >
        {opened !== undefined && <AuditDetail event={opened} />}
      </Drawer>
    </>
  );
}

const columns: readonly Column<AuditEvent>[] = [
  { id: "action", header: "What", width: 230, grow: 2, cell: ({ action }) => actionWords(action) },
  { id: "actor", header: "Who", width: 180, cell: actorWords },
  { id: "about", header: "About", width: 220, grow: 2, cell: (event) => aboutWords(event) },
  { id: "at", header: "When", width: 180, cell: ({ at }) => <time dateTime={at}>{formatDateTime(at)}</time> },
];

function aboutWords({ target, details }: AuditEvent): React.ReactNode {
  const name = details.name ?? details.email;
  return typeof name === "string" ? name : <span className="quiet">{targetWords(target).toLowerCase()}</span>;
}
