import { Drawer, Group, Stack, Text } from "@mantine/core";
import type { Change, Run } from "@rollcall/core/contract/runs.ts";
import { IconEqual } from "@tabler/icons-react";
import { useState } from "react";
import { runChangesOptions } from "../../api/runs.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { useFieldLabels } from "../../components/use-field-labels.ts";
import { ValueChanges } from "../../components/ValueChange.tsx";
import { paths } from "../../paths.ts";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { Link } from "../../ui/Link.tsx";
import { ChangeKind } from "./ChangeKind.tsx";
import { ChangeReason } from "./ChangeReason.tsx";
import { ChangeSummary } from "./ChangeSummary.tsx";
import { changeKindWords } from "./run-words.ts";

/** The plan of a run, person by person: old → new, why, and what is withheld. */
export function RunChanges({ run }: { readonly run: Run }) {
  const [opened, setOpened] = useState<Change>();
  const labelOf = useFieldLabels();
  const columns: readonly Column<Change>[] = [
    { id: "who", header: "Who", width: 200, grow: 2, cell: whoOf },
    { id: "kind", header: "Change", width: 130, cell: ({ kind }) => <ChangeKind kind={kind} /> },
    {
      id: "fields",
      header: "Old → new",
      width: 280,
      grow: 3,
      cell: ({ fields }) => <ChangeSummary fields={fields} labelOf={labelOf} />,
    },
    {
      id: "reason",
      header: "Why",
      width: 220,
      grow: 2,
      cell: (change) => <ChangeReason change={change} plan={run.plan} />,
    },
    { id: "vendorKey", header: "Vendor id", width: 110, cell: ({ vendorKey }) => vendorKey ?? "–", hidden: true },
    { id: "email", header: "Email", width: 200, cell: ({ email }) => email ?? "–", hidden: true },
  ];
  return (
    <>
      <DataTable
        id="run-changes"
        label="changes"
        one="change"
        columns={columns}
        options={(query) => runChangesOptions(run.id, query)}
        rowKey={({ id }) => id}
        onOpen={setOpened}
        filters={filters}
        searchLabel="Search by name, email or vendor id"
        empty={
          <EmptyState icon={IconEqual} title={run.plan === "none" ? "No plan" : "Nothing changes"}>
            {whyNothing(run)}
          </EmptyState>
        }
      />
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size="md"
        title={opened === undefined ? "" : whoOf(opened)}
      >
        {opened !== undefined && (
          <Stack gap="md">
            <Group gap="xs">
              <ChangeKind kind={opened.kind} />
              {opened.email !== null && <Text className="wrap-anywhere">{opened.email}</Text>}
            </Group>
            <Text component="div">
              <ChangeReason change={opened} plan={run.plan} />
            </Text>
            <ValueChanges fields={opened.fields} labelOf={labelOf} />
            {opened.vendorKey !== null && <Text c="dimmed">Id at the vendor: {opened.vendorKey}</Text>}
            {opened.personId !== null && <Link to={paths.person(opened.personId)}>Open the person</Link>}
          </Stack>
        )}
      </Drawer>
    </>
  );
}

function whoOf({ name, email, vendorKey }: Change): string {
  return name ?? email ?? (vendorKey === null ? "without a name" : `Vendor id ${vendorKey}`);
}

function whyNothing({ plan, counts, kind }: Run): string {
  if (plan === "none") return "The run ended before it had worked out what would change.";
  if (kind === "undo") return "There was nothing that could be taken back.";
  if (counts.withheld > 0) {
    return "Nothing that was read differs. Deactivations are not even planned as long as absence is not proven.";
  }
  return "What was read is in the inventory already.";
}

const filters: readonly TableFilter[] = [
  {
    id: "kind",
    label: "Kind of change",
    options: [
      { value: "", label: "All changes" },
      ...Object.entries(changeKindWords)
        .filter(([kind]) => kind !== "edit")
        .map(([value, { label }]) => ({ value, label })),
    ],
  },
  {
    id: "withheld",
    label: "Withheld or not",
    options: [
      { value: "", label: "Withheld or not" },
      { value: "true", label: "Withheld only" },
      { value: "false", label: "Not withheld" },
    ],
  },
];
