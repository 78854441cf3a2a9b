import { Drawer, Stack, Text } from "@mantine/core";
import type { Dispute } from "@rollcall/core/contract/disputes.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { IconCircleCheck, IconHelpCircle } from "@tabler/icons-react";
import { useState } from "react";
import { disputesOptions } from "../../api/disputes.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import type { Column, TableFilter } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { AnswerDispute } from "./AnswerDispute.tsx";
import { answerWords } from "./answer-words.ts";

/** Records of the integration of which nobody knows for certain who they are, to be answered. */
export function RunDisputes({ run }: { readonly run: Run }) {
  const [opened, setOpened] = useState<Dispute>();
  return (
    <Stack gap="md">
      <Text maw="72ch">
        A record is disputed when it could be several people, or when several records claim one person. Rollcall guesses
        nothing: it leaves the record and the people as they are until you say who it is. The next run acts on your
        answer.
      </Text>
      <DataTable
        id="disputes"
        label="disputes"
        one="dispute"
        columns={columns}
        options={(query) => disputesOptions(run.integrationId, query)}
        rowKey={({ vendorKey }) => vendorKey}
        onOpen={setOpened}
        filters={filters}
        empty={
          <EmptyState icon={IconCircleCheck} title="No open dispute">
            Every record of this integration is known to be exactly one person, or a new one.
          </EmptyState>
        }
      />
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        title={`Who is record ${opened?.vendorKey ?? ""}?`}
      >
        {opened !== undefined && (
          <AnswerDispute key={opened.vendorKey} dispute={opened} onDone={() => setOpened(undefined)} />
        )}
      </Drawer>
    </Stack>
  );
}

const filters: readonly TableFilter[] = [
  {
    id: "answered",
    label: "Answered or not",
    options: [
      { value: "", label: "Waiting for an answer" },
      { value: "true", label: "Answered" },
      { value: "all", label: "All" },
    ],
  },
];

const columns: readonly Column<Dispute>[] = [
  { id: "record", header: "Record", sort: "vendorKey", width: 120, cell: ({ vendorKey }) => vendorKey },
  { id: "message", header: "Why it is disputed", width: 280, grow: 3, cell: ({ message }) => message },
  {
    id: "candidates",
    header: "Who it could be",
    width: 220,
    grow: 2,
    cell: ({ candidates }) =>
      candidates.length === 0 ? <Nothing /> : candidates.map(({ fullName, email }) => fullName ?? email).join(", "),
  },
  {
    id: "answer",
    header: "Answer",
    width: 180,
    cell: (dispute) =>
      dispute.answer === null ? (
        <StatusBadge status="open" label="Waiting" tone="warn" icon={IconHelpCircle} />
      ) : (
        answerWords(dispute)
      ),
  },
];
