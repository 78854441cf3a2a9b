import { Drawer, Stack, Text } from "@mantine/core";
import type { Run, RunError } from "@rollcall/core/contract/runs.ts";
import { IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { apiUrl } from "../../api/client.ts";
import { runErrorsOptions, runPath } from "../../api/runs.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { useFieldLabels } from "../../components/use-field-labels.ts";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { RunErrorDetail } from "./RunErrorDetail.tsx";
import { errorKindWords } from "./run-words.ts";

/** What did not fit in a run, record by record, with the next step; searchable, exportable. */
export function RunErrors({ run }: { readonly run: Run }) {
  const [opened, setOpened] = useState<RunError>();
  const labelOf = useFieldLabels();
  const columns: readonly Column<RunError>[] = [
    { id: "record", header: "Record", width: 120, cell: ({ vendorKey }) => vendorKey ?? "without an id" },
    {
      id: "kind",
      header: "What happened",
      width: 168,
      grow: 0,
      cell: ({ kind }) => (
        <StatusBadge
          status={kind}
          label={errorKindWords[kind].label}
          tone={errorKindWords[kind].tone}
          icon={IconInfoCircle}
        />
      ),
    },
    { id: "field", header: "Field", width: 160, cell: ({ field }) => (field === null ? "–" : labelOf(field)) },
    { id: "message", header: "Why", width: 260, grow: 3, cell: ({ message }) => message },
    { id: "nextStep", header: "Next step", width: 240, grow: 3, cell: ({ nextStep }) => nextStep },
    { id: "code", header: "Code", width: 180, cell: ({ code }) => <code>{code}</code>, hidden: true },
  ];
  return (
    <>
      <DataTable
        id="run-errors"
        label="problems"
        one="problem"
        columns={columns}
        options={(query) => runErrorsOptions(run.id, query)}
        rowKey={({ id }) => id}
        onOpen={setOpened}
        filters={filters}
        searchLabel="Search by record, field or code"
        csv={(query) => apiUrl(`${runPath(run.id)}/errors.csv`, query)}
        empty={
          <EmptyState icon={IconCircleCheck} title="No problem">
            Every record and every value fitted.
          </EmptyState>
        }
      />
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        title={opened?.vendorKey === null ? "A record without an id" : `Record ${opened?.vendorKey ?? ""}`}
      >
        {opened !== undefined && (
          <Stack gap="md">
            <Text>{errorKindWords[opened.kind].meaning}</Text>
            <RunErrorDetail error={opened} labelOf={labelOf} />
          </Stack>
        )}
      </Drawer>
    </>
  );
}

const filters: readonly TableFilter[] = [
  {
    id: "kind",
    label: "What happened",
    options: [
      { value: "", label: "All problems" },
      ...Object.entries(errorKindWords).map(([value, { label }]) => ({ value, label })),
    ],
  },
];
